// `digitorch report` and `train --report` through the real binary.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

TEST(ReportTest, TrainAndReportWriteTheSameFileOfARun) {
  const TempDir folder;
  const fs::path run = folder / "run";
  const auto trained =
      json_of(digitorch(quick_train(trained_data(), run, {"--report"})));
  EXPECT_EQ(trained["report"], (run / "report.html").string());
  const std::string of_train = file_text(run / "report.html");
  EXPECT_NE(of_train.find("<h1>run</h1>"), std::string::npos);

  fs::remove(run / "report.html");
  const auto written =
      json_of(digitorch({"report", run.string(), "--format=json"}));
  EXPECT_EQ(written["path"], (run / "report.html").string());
  EXPECT_EQ(written["bytes"], fs::file_size(run / "report.html"));
  EXPECT_EQ(written["accuracy"], trained["test_accuracy"]);
  EXPECT_EQ(written["samples"], 40);
  EXPECT_GE(written["expected_calibration_error"], 0);
  EXPECT_LE(written["expected_calibration_error"], 1);
  EXPECT_EQ(file_text(run / "report.html"), of_train);
}

TEST(ReportTest, ACheckpointsReportLiesBesideItOrWhereAsked) {
  const TempDir folder;
  const fs::path model = folder / "model.safetensors";
  fs::copy_file(trained_model(), model);
  const auto beside = digitorch({"report", model.string()});
  EXPECT_EQ(beside.out, (folder / "report.html").string() + "\n") << beside.err;
  const fs::path elsewhere = folder / "other.html";
  const auto asked =
      digitorch({"report", model.string(), "--output", elsewhere.string()});
  EXPECT_EQ(asked.out, elsewhere.string() + "\n") << asked.err;
  EXPECT_EQ(file_text(elsewhere), file_text(folder / "report.html"));
}

TEST(ReportTest, OtherDataAreThoseThatEvalScores) {
  const TempDir folder;
  write_class_folders(folder / "in", {"0", "1"}, 3);
  const std::string data = "--data=" + (folder / "in").string();
  const std::string model = trained_model().string();
  const auto report = json_of(digitorch(
      {"report",
       model,
       data,
       "--format=json",
       "--output=" + (folder / "r.html").string()}
  ));
  EXPECT_EQ(report["samples"], 6);
  const auto eval =
      json_of(digitorch({"eval", "--model", model, data, "--format=json"}));
  EXPECT_EQ(report["accuracy"], eval["accuracy"]);
}

TEST(ReportTest, ComparesTheCurvesOfTwoRuns) {
  const TempDir folder;
  const std::string output = "--output=" + (folder / "r.html").string();
  const std::string model = trained_model().string();
  const auto compared =
      digitorch({"report", model, "--compare=" + model, output});
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_NE(
      file_text(folder / "r.html").find("Compared with other runs"),
      std::string::npos
  );
  expect_refused(
      digitorch({"report", model, "--compare=nowhere", output}), 2, "nowhere"
  );
}

TEST(ReportTest, RefusesWhatIsNoRunAndNoCheckpoint) {
  const TempDir folder;
  const std::string nothing = (folder / "nothing").string();
  expect_refused(
      digitorch({"report", nothing}),
      2,
      nothing + ": no such file or run folder"
  );
  expect_refused(
      digitorch({"report", folder.path().string()}), 2, "best.safetensors"
  );
  expect_refused(digitorch({"report"}), 2, "expected one");
  expect_refused(digitorch({"report", "a", "b"}), 2, "found 2 paths");
  write_class_folders(folder / "in", {"unheard-of", "0"}, 2);
  expect_refused(
      digitorch(
          {"report",
           trained_model().string(),
           "--data=" + (folder / "in").string()}
      ),
      2,
      "unheard-of"
  );
}

TEST(ReportTest, AFullDiskIsAFaultOfTheMachineAndLeavesTheOldReport) {
  const TempDir folder;
  const fs::path model = folder / "model.safetensors";
  fs::copy_file(trained_model(), model);
  digitorch({"report", model.string()});
  const std::string before = file_text(folder / "report.html");
  RunOptions small;
  small.limits = {{RLIMIT_FSIZE, 4096}};
  expect_refused(
      digitorch({"report", model.string(), "--quiet"}, small), 3, "report.html"
  );
  EXPECT_EQ(file_text(folder / "report.html"), before);
}

}  // namespace
}  // namespace digitorch::testing
