// What commands write never takes the place of what a user made: not of their
// own input, not of another program's file, not of a run.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// A command that writes `file`, which may exist.
struct Writer {
  std::string name;
  std::string ending;
  /// Its words, for a folder that holds model.safetensors and picture.png.
  std::function<Words(const fs::path& folder, const fs::path& file)> words;
};

std::ostream& operator<<(std::ostream& out, const Writer& writer) {
  return out << writer.name;
}

Words plus(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string model_in(const fs::path& folder) {
  return (folder / "model.safetensors").string();
}

Words export_as(const char* format, const fs::path& dir, const fs::path& file) {
  return {
      "export",
      "--quiet",
      "--samples=10",
      "--data",
      trained_data().string(),
      "--format",
      format,
      "--model",
      model_in(dir),
      "--output",
      file.string()};
}

const std::vector<Writer>& writers() {
  static const std::vector<Writer> all = {
      {"export_torchscript",
       ".pt",
       [](const fs::path& dir, const fs::path& file) {
         return export_as("torchscript", dir, file);
       }},
      {"export_state_dict",
       ".safetensors",
       [](const fs::path& dir, const fs::path& file) {
         return export_as("safetensors", dir, file);
       }},
      {"explain",
       ".png",
       [](const fs::path& dir, const fs::path& file) {
         return Words{
             "classify",
             "--quiet",
             "--data",
             trained_data().string(),
             "--model",
             model_in(dir),
             "--explain",
             file.string(),
             (dir / "picture.png").string()};
       }},
      {"annotate",
       ".png",
       [](const fs::path& dir, const fs::path& file) {
         return Words{
             "classify",
             "--page",
             "--annotate",
             file.string(),
             (dir / "picture.png").string()};
       }},
      {"report",
       ".html",
       [](const fs::path& dir, const fs::path& file) {
         return Words{
             "report",
             "--quiet",
             "--data",
             trained_data().string(),
             "--output",
             file.string(),
             model_in(dir)};
       }},
  };
  return all;
}

class WrittenFile : public ::testing::TestWithParam<Writer> {
 protected:
  void SetUp() override {
    fs::copy(trained_model(), model_in(folder.path()));
    write_class_folders(folder / "in", {"0"}, 1);
    fs::copy(folder / "in" / "0" / "0.png", folder / "picture.png");
  }

  Words writing(const fs::path& file) const {
    return GetParam().words(folder.path(), file);
  }

  TempDir folder;
};

TEST_P(WrittenFile, IsWrittenOverOnlyWhereTheSameCommandWroteIt) {
  const fs::path file = folder / ("out" + GetParam().ending);
  const auto first = digitorch(writing(file));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto again = digitorch(writing(file));
  EXPECT_EQ(again.exit_code, 0) << again.err;

  std::ofstream(file) << "made by a user";
  expect_refused(digitorch(writing(file)), 2, "--overwrite");
  EXPECT_EQ(file_text(file), "made by a user");
  const auto allowed = digitorch(plus(writing(file), {"--overwrite"}));
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  EXPECT_NE(file_text(file), "made by a user");
}

TEST_P(WrittenFile, IsNeverAnInput) {
  const bool reads_picture = GetParam().ending == ".png";
  const fs::path input =
      folder / (reads_picture ? "picture.png" : "model.safetensors");
  const std::string before = file_text(input);
  fs::create_symlink(input, folder / ("link" + GetParam().ending));
  for (const fs::path& file : {input, folder / ("link" + GetParam().ending)}) {
    const auto result = digitorch(plus(writing(file), {"--overwrite"}));
    EXPECT_EQ(result.exit_code, 2) << file << result.err;
    EXPECT_EQ(file_text(input), before);
  }
}

TEST_P(WrittenFile, GoesThroughAPipeWhereThatIsItsName) {
  std::string command = DIGITORCH_BINARY;
  for (const std::string& word : writing("/dev/stdout"))
    command += " '" + word + "'";
  const auto piped =
      run({"/bin/bash", "-o", "pipefail", "-c", command + " | cat"});
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
  EXPECT_GT(piped.out.size(), 1000U);
  const bool was_link = fs::is_symlink("/dev/stdout");
  const std::string file = (folder / "redirected").string();
  const auto redirected = run({"/bin/bash", "-c", command + " >" + file});
  EXPECT_EQ(redirected.exit_code, 0) << redirected.err;
  EXPECT_EQ(fs::is_symlink("/dev/stdout"), was_link);
  EXPECT_GT(file_text(file).size(), 1000U);
}

INSTANTIATE_TEST_SUITE_P(
    Commands,
    WrittenFile,
    ::testing::ValuesIn(writers()),
    [](const auto& tested) { return tested.param.name; }
);

TEST(OutputsTest, APathOfExportIsTheModel) {
  const TempDir folder;
  const std::string model = model_in(folder.path());
  fs::copy(trained_model(), model);
  const Words exporting = {
      "export", "--quiet", "--data", trained_data().string(), model};
  const auto result = json_of(digitorch(exporting));
  EXPECT_EQ(result["path"], (folder / "model.pt").string());
  EXPECT_EQ(file_text(model), file_text(trained_model()));
  expect_refused(
      digitorch(plus(exporting, {"--model", model})), 2, "second model"
  );
  const auto of_run = json_of(digitorch(
      {"export",
       "--quiet",
       "--data",
       trained_data().string(),
       "--output",
       (folder / "run.pt").string(),
       trained_model().parent_path().string()}
  ));
  EXPECT_EQ(of_run["path"], (folder / "run.pt").string());
}

TEST(OutputsTest, AnEndingThatPromisesOtherContentIsRefused) {
  const TempDir folder;
  fs::copy(trained_model(), model_in(folder.path()));
  write_class_folders(folder / "in", {"0"}, 1);
  fs::copy(folder / "in" / "0" / "0.png", folder / "picture.png");
  for (const Writer& writer : writers()) {
    if (writer.name == "export_torchscript") continue;
    const fs::path file = folder / "a.jpg";
    expect_refused(digitorch(writer.words(folder.path(), file)), 2, "a.jpg");
    EXPECT_FALSE(fs::exists(file)) << writer.name;
  }
}

/// Commands that write several files into a folder, and one of the files.
TEST(OutputsTest, AForeignFileInAFolderIsKept) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  const std::string data = "--data=" + trained_data().string();
  const std::vector<std::pair<Words, std::string>> commands = {
      {{"samples", data, "--count=40", "--output", out}, "0-is-1.png"},
      {{"visualize",
        data,
        "--model",
        trained_model().string(),
        "--what=network,filters",
        "--output",
        out},
       "filters.svg"},
      {{"gradients", data, "--depths=1", "--steps=2", "--output", out},
       "gradients.csv"}};
  for (const auto& [words, name] : commands) {
    SCOPED_TRACE(words[0]);
    fs::remove_all(out);
    fs::create_directory(out);
    ASSERT_EQ(digitorch(words).exit_code, 0);
    std::string written = name;
    if (words[0] == "samples")
      written = fs::directory_iterator(out)->path().filename();
    ASSERT_TRUE(fs::exists(fs::path(out) / written)) << written;
    EXPECT_EQ(digitorch(words).exit_code, 0) << "a second time";
    std::ofstream(fs::path(out) / written) << "made by a user";
    expect_refused(digitorch(words), 2, written);
    EXPECT_EQ(file_text(fs::path(out) / written), "made by a user");
    EXPECT_EQ(digitorch(plus(words, {"--overwrite"})).exit_code, 0);
  }
}

TEST(OutputsTest, VisualizeMakesNoFolderForBadInput) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  std::ofstream(folder / "bad.png") << "no picture";
  const auto result = digitorch(
      {"visualize",
       "--model",
       trained_model().string(),
       "--what=network,activations",
       "--output",
       out,
       (folder / "bad.png").string()}
  );
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_FALSE(fs::exists(out));
}

TEST(OutputsTest, ARunIsNotBegunInAFolderOfOtherWork) {
  for (const char* name :
       {"best.safetensors",
        "last.safetensors",
        "sweep.json",
        "runs.csv",
        "metrics.csv",
        "result.json",
        "report.html"}) {
    const TempDir folder;
    std::ofstream(folder / name) << "kept";
    expect_refused(
        digitorch(quick_train(trained_data(), folder.path())), 2, name
    );
    expect_refused(
        digitorch(
            {"sweep",
             "--data",
             trained_data().string(),
             "--grid=lr=0.1",
             "--run-dir",
             folder.path().string()}
        ),
        2,
        name
    );
    EXPECT_EQ(file_text(folder / name), "kept");
  }
}

TEST(OutputsTest, RunsThatStartTogetherHaveFoldersOfTheirOwn) {
  const TempDir folder;
  std::string command;
  for (const std::string& word : quick_train(trained_data(), "unused"))
    if (!word.starts_with("--run-dir")) command += " '" + word + "'";
  command = DIGITORCH_BINARY + command +
            " --quiet --runs-dir=" + (folder / "runs").string();
  const auto result = run(
      {"/bin/bash",
       "-c",
       command + " & a=$!; " + command + " & b=$!; " + command +
           " & c=$!; wait $a && wait $b && wait $c"}
  );
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::set<std::string> complete;
  for (const auto& run : fs::directory_iterator(folder / "runs"))
    if (fs::exists(run.path() / "result.json")) complete.insert(run.path());
  EXPECT_EQ(complete.size(), 3U);
}

}  // namespace
}  // namespace digitorch::testing
