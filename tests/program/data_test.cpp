// Data and lists as users have them: what is read, what is left out, and which
// pictures are scored.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/program.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::digitorch;
using testing::expect_refused;
using testing::file_text;
using testing::json_of;
using testing::quick_train;
using testing::TempDir;
using testing::trained_data;
using testing::trained_model;
using testing::write_class_folders;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(DataTest, EvalScoresWhatTrainingPutAside) {
  const TempDir folder;
  write_class_folders(folder / "data", {"0", "1"}, 30);
  const std::string data = "--data=" + (folder / "data").string();
  ASSERT_EQ(
      digitorch(quick_train(folder / "data", folder / "run")).exit_code, 0
  );
  const std::string model =
      "--model=" + (folder / "run/best.safetensors").string();
  const auto eval = [&](const std::string& part) {
    return digitorch({"eval", model, data, "--format=json", part});
  };
  const auto held_out = eval("--part=held-out");
  EXPECT_EQ(json_of(held_out)["samples"], 6);
  EXPECT_TRUE(has(
      held_out.err,
      "note: scoring the 6 pictures that training put aside; --part all scores "
      "all 60 pictures"
  )) << held_out.err;
  EXPECT_EQ(json_of(eval("--part=test"))["samples"], 6);
  EXPECT_EQ(json_of(eval("--part=all"))["samples"], 60);
  const auto train = json_of(eval("--part=train"))["samples"].get<int>();
  const auto validation =
      json_of(eval("--part=validation"))["samples"].get<int>();
  EXPECT_EQ(train + validation, 54);
  EXPECT_GT(validation, 0);

  write_class_folders(folder / "data", {"2"}, 2);
  fs::rename(folder / "data/2/0.png", folder / "data/0/more.png");
  fs::remove_all(folder / "data/2");
  const auto changed = eval("--part=held-out");
  EXPECT_EQ(json_of(changed)["samples"], 61);
  EXPECT_TRUE(has(changed.err, "has changed since")) << changed.err;
}

TEST(DataTest, TrainSaysWhatItsScoresDoNotShow) {
  const TempDir folder;
  testing::write_idx_set(folder / "data");
  for (const char* part : {"train", "t10k"}) {
    const fs::path file =
        folder / "data" / (std::string(part) + "-images-idx3-ubyte");
    std::string bytes = file_text(file);
    for (std::size_t i = 16; i < bytes.size(); ++i)
      bytes[i] = static_cast<char>(255 - static_cast<unsigned char>(bytes[i]));
    std::ofstream(file, std::ios::binary) << bytes;
  }
  const auto inverted = digitorch(quick_train(
      folder / "data",
      folder / "run",
      {"--epochs=8", "--lr=0.03", "--augment=none"}
  ));
  ASSERT_EQ(inverted.exit_code, 0) << inverted.err;
  EXPECT_TRUE(
      has(inverted.err, "as classify prepares them, since they are dark")
  ) << inverted.err;

  fs::remove_all(folder / "data");
  write_class_folders(folder / "data", {"0"}, 80);
  write_class_folders(folder / "data", {"1"}, 2);
  fs::create_directory(folder / "data/empty");
  std::ofstream(folder / "data/0/x.heic").put('x');
  const auto unequal = digitorch(quick_train(folder / "data", folder / "run2"));
  ASSERT_EQ(unequal.exit_code, 0) << unequal.err;
  for (const char* part :
       {"empty: a folder without pictures",
        "1 file left out: 1 .heic",
        "only one or two training pictures of 1",
        "very unequal size"})
    EXPECT_TRUE(has(unequal.err, part)) << part << "\n" << unequal.err;
}

TEST(DataTest, NamedSetsAreFoundInTheUsualFolders) {
  const TempDir folder;
  testing::write_idx_set(folder / "sets/mnist");
  const testing::RunOptions there = {
      .working_dir = folder.path(),
      .environment = {{"DIGITORCH_DATA", (folder / "sets").string()}}};
  const auto result = digitorch({"eval", "--format=json"}, there);
  EXPECT_EQ(json_of(result)["samples"], 40);
}

TEST(DataTest, ClassifyReadsAPictureAndListsOnStandardInput) {
  const TempDir folder;
  write_class_folders(folder / "in", {"0"}, 1);
  const std::string file = (folder / "in/0/0.png").string();
  const auto answer = [&](const std::string& text) {
    return digitorch(
        {"classify",
         "--model=" + trained_model().string(),
         "--format=json",
         "-"},
        {.stdin_text = text}
    );
  };
  const auto expected = json_of(answer(file + "\n"));
  EXPECT_EQ(expected["path"], file);
  EXPECT_EQ(json_of(answer("\xEF\xBB\xBF" + file + "\r\n")), expected);
  EXPECT_EQ(json_of(answer(file + std::string(1, '\0'))), expected);
  auto picture = json_of(answer(file_text(file)));
  EXPECT_EQ(picture["path"], "-");
  picture["path"] = file;
  EXPECT_EQ(picture, expected);
}

TEST(DataTest, ClassifyNotesSeveralDigitsSideBySide) {
  const TempDir folder;
  write_class_folders(folder / "in", {"0", "1", "2"}, 1);
  cv::Mat row;
  std::vector<cv::Mat> digits;
  for (const char* digit : {"2", "0", "2"})
    digits.push_back(cv::imread(
        (folder / "in" / digit / "0.png").string(), cv::IMREAD_GRAYSCALE
    ));
  cv::hconcat(digits, row);
  cv::Mat large;  // as a photo is
  cv::resize(row, large, {}, 12, 12);
  for (const cv::Mat& picture : {row, large}) {
    cv::imwrite((folder / "row.png").string(), picture);
    const auto several = digitorch({"classify", (folder / "row.png").string()});
    EXPECT_TRUE(has(several.err, "row.png: 3 digits side by side; --page reads")
    ) << several.out
      << several.err;
  }
  const auto one = digitorch({"classify", (folder / "in/2/0.png").string()});
  EXPECT_EQ(one.err, "");
}

TEST(DataTest, AModelOfAnotherProgramIsNamed) {
  const TempDir folder;
  const std::string file = (folder / "m.pth").string();
  std::ofstream(file, std::ios::binary) << "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46";
  expect_refused(
      digitorch({"eval", "--model", file, "--data", trained_data().string()}),
      2,
      "Python's torch.save wrote"
  );
}

}  // namespace
}  // namespace digitorch
