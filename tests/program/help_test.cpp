// The help of every command: it fits 80 columns, and each of its examples
// works.
#include <gtest/gtest.h>
#include <signal.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// The first words of the lines that the overview lists below "Commands:".
std::vector<std::string> commands() {
  std::istringstream lines(digitorch({"help"}).out);
  std::vector<std::string> names;
  std::string line;
  while (std::getline(lines, line) && line != "Commands:") {
  }
  while (std::getline(lines, line) && line.starts_with("  "))
    names.push_back(words_of(line).front());
  return names;
}

/// The words after "digitorch" of each example in a help.
std::vector<std::vector<std::string>> examples_in(const std::string& help) {
  std::istringstream lines(help);
  std::vector<std::vector<std::string>> examples;
  for (std::string line; std::getline(lines, line);) {
    const std::string start = "  digitorch ";
    if (!line.starts_with(start)) continue;
    const std::string typed = line.substr(start.size());
    auto words = words_of(typed.substr(0, typed.find("  ")));
    // What follows a pipe is the work of other programs.
    words.erase(std::find(words.begin(), words.end(), "|"), words.end());
    examples.push_back(std::move(words));
  }
  return examples;
}

/// A place where a user could type the examples.
void furnish(const fs::path& folder) {
  write_idx_set(folder / "data" / "mnist");
  write_class_folders(folder / "pictures", {"cat", "dog"}, 12);
  cv::Mat photo(60, 60, CV_8UC1, cv::Scalar(240));
  cv::line(photo, {30, 10}, {30, 50}, cv::Scalar(20), 5);
  cv::Mat form(200, 400, CV_8UC1, cv::Scalar(240));
  for (const int x : {60, 120, 180})
    cv::line(form, {x, 80}, {x, 120}, cv::Scalar(20), 5);
  fs::create_directories(folder / "scans");
  for (const auto& [name, picture] :
       {std::pair("photo.jpg", photo),
        std::pair("form.jpg", form),
        std::pair("scans/1.png", photo)})
    ASSERT_TRUE(cv::imwrite((folder / name).string(), picture));
  const auto run = digitorch(
      {"train",
       "--run-dir=runs/quickstart",
       "--epochs=8",
       "--lr=0.03",
       "--augment=none",
       "--quiet"},
      {.working_dir = folder}
  );
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto weights = digitorch(
      {"export",
       "--format=safetensors",
       "--output=model.safetensors",
       "runs/quickstart"},
      {.working_dir = folder}
  );
  ASSERT_EQ(weights.exit_code, 0) << weights.err;
}

TEST(HelpTest, IsAtMostEightyColumnsWide) {
  ASSERT_GE(commands().size(), 14U);
  for (const std::string& command : commands())
    for (const char* option : {"--help", "--help-all"}) {
      const auto result = digitorch({command, option});
      EXPECT_EQ(result.exit_code, 0) << result.err;
      EXPECT_TRUE(result.out.starts_with("Usage: digitorch " + command));
      std::istringstream lines(result.out);
      for (std::string line; std::getline(lines, line);)
        EXPECT_LE(line.size(), 80U) << command << ": " << line;
    }
}

TEST(HelpTest, HelpAndVersionHaveSeveralSpellings) {
  EXPECT_EQ(digitorch({"help"}).out, digitorch({"--help"}).out);
  EXPECT_EQ(digitorch({"help", "eval"}).out, digitorch({"eval", "-h"}).out);
  for (const char* word : {"--version", "-V"})
    EXPECT_EQ(digitorch({"version"}).out, digitorch({word}).out);
}

TEST(HelpTest, EveryExampleWorks) {
  const TempDir folder;
  furnish(folder.path());
  for (const std::string& command : commands()) {
    const auto examples = examples_in(digitorch({command, "--help"}).out);
    if (command != "version") {
      EXPECT_GE(examples.size(), 2U) << command;
    }
    for (const std::vector<std::string>& words : examples) {
      if (words.front() != command) continue;  // in the description
      const bool serves = command == "serve";  // until it is interrupted
      const auto result = digitorch(
          words,
          {.working_dir = folder.path(),
           .timeout = std::chrono::minutes(5),
           .signal_at_text = serves ? "serving at" : "",
           .signal_to_send_at_text = serves ? SIGINT : 0}
      );
      EXPECT_EQ(result.exit_code, serves ? 128 + SIGINT : 0)
          << ::testing::PrintToString(words) << ": " << result.err;
    }
  }
}

}  // namespace
}  // namespace digitorch::testing
