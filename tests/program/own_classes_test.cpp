// Pictures of other classes than digits: what samples writes and classify reads
// gets the same answers as eval gives, whatever the set.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "tests/support/data_files.h"
#include "tests/support/program.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::big_endian;
using testing::digitorch;
using testing::expect_refused;
using testing::json_of;
using testing::quick_train;
using testing::TempDir;
using testing::write_file;

/// An IDX set of pictures of noise around a pattern of each class.
/// tail: the dimensions behind the number of pictures.
void write_patterns(
    const fs::path& folder, uint32_t classes, std::vector<uint32_t> tail
) {
  fs::create_directories(folder);
  cv::RNG random(5);
  std::size_t size = 1;
  for (const uint32_t each : tail) size *= each;
  std::vector<std::string> patterns(classes, std::string(size, '\0'));
  for (std::string& pattern : patterns)
    for (char& c : pattern) c = static_cast<char>(random.uniform(0, 200));
  for (const auto& [part, each] : {std::pair{"train", 20U}, {"t10k", 4U}}) {
    std::string images =
        big_endian({0x801U + static_cast<uint32_t>(tail.size()), classes * each}
        );
    for (const uint32_t dimension : tail) images += big_endian({dimension});
    std::string labels = big_endian({0x801, classes * each});
    for (uint32_t i = 0; i < classes * each; ++i) {
      labels += static_cast<char>(i % classes);
      for (const char c : patterns[i % classes])
        images += static_cast<char>(
            static_cast<unsigned char>(c) + random.uniform(0, 55)
        );
    }
    const std::string name = part;
    write_file(folder / (name + "-images-idx3-ubyte"), images);
    write_file(folder / (name + "-labels-idx1-ubyte"), labels);
  }
  std::ofstream names(folder / "classes.txt");
  for (uint32_t c = 0; c < classes; ++c) names << "kind " << c << '\n';
}

/// Class folders of discs that differ in colour alone.
void write_discs(const fs::path& folder, int each) {
  cv::RNG random(9);
  const std::vector<std::pair<std::string, cv::Scalar>> kinds = {
      {"red", {40, 40, 210}},
      {"green", {60, 160, 50}},
      {"blue", {200, 90, 40}}};
  for (const auto& [name, colour] : kinds) {
    fs::create_directories(folder / name);
    for (int i = 0; i < each; ++i) {
      cv::Mat picture(50, 70, CV_8UC3, cv::Scalar::all(255));
      const int radius = random.uniform(8, 20);
      const cv::Rect box(
          random.uniform(0, 70 - 2 * radius),
          random.uniform(0, 50 - 2 * radius),
          2 * radius,
          2 * radius
      );
      picture(box) = colour;
      cv::imwrite(
          (folder / name / (std::to_string(i) + ".png")).string(), picture
      );
    }
  }
}

/// How many of the pictures that samples wrote classify answers with the class
/// in their names.
int64_t right_answers(const fs::path& model, const fs::path& samples) {
  const auto answers = digitorch(
      {"classify",
       "--model=" + model.string(),
       "--format=json",
       samples.string()}
  );
  EXPECT_EQ(answers.exit_code, 0) << answers.err;
  int64_t right = 0;
  std::istringstream lines(answers.out);
  for (std::string line; std::getline(lines, line);) {
    const auto answer = nlohmann::json::parse(line);
    std::string label = answer["label"];
    std::replace(label.begin(), label.end(), ' ', '_');
    const std::string path = answer["path"];
    right += path.ends_with("-is-" + label + ".png") ? 1 : 0;
  }
  return right;
}

/// Trains on the data, and compares eval with classify on what samples writes.
nlohmann::json round_trip(
    const fs::path& data,
    const fs::path& run,
    const std::vector<std::string>& options
) {
  const auto trained = digitorch(quick_train(data, run, options));
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  const std::string model = "--model=" + run.string();
  const std::string from = "--data=" + data.string();
  const auto score =
      json_of(digitorch({"eval", model, from, "--part=all", "--format=json"}));
  const auto test = json_of(digitorch({"eval", model, from, "--format=json"}));
  const fs::path samples = run / "samples";
  const auto written = digitorch(
      {"samples", model, from, "--count=100000", "--output=" + samples.string()}
  );
  EXPECT_EQ(written.exit_code, 0) << written.err;
  const auto files = std::count(written.out.begin(), written.out.end(), '\n');
  // Of a set without a test part all pictures are written.
  const auto& scored = files == score["samples"] ? score : test;
  EXPECT_EQ(files, scored["samples"].get<int64_t>());
  EXPECT_EQ(
      right_answers(run, samples),
      std::llround(scored["accuracy"].get<double>() * double(files))
  );
  return scored;
}

TEST(OwnClassesTest, AnIdxSetOf47ClassesComesBackFromFilesAsItIs) {
  const TempDir folder;
  write_patterns(folder / "data", 47, {28, 28});
  const auto score =
      round_trip(folder / "data", folder / "run", {"--epochs=3"});
  EXPECT_GT(score["accuracy"], 0.5);
}

TEST(OwnClassesTest, IdxSetsMayHaveAnySizeAndColours) {
  const TempDir folder;
  write_patterns(folder / "data", 5, {12, 17, 3});
  const auto score = round_trip(
      folder / "data",
      folder / "run",
      {"--model=cnn", "--channels=8", "--augment=none", "--epochs=6"}
  );
  EXPECT_GT(score["accuracy"], 0.5);
}

TEST(OwnClassesTest, FoldersInColourAreTrainedInColour) {
  const TempDir folder;
  write_discs(folder / "data", 30);
  const auto score = round_trip(
      folder / "data",
      folder / "run",
      {"--model=cnn",
       "--channels=8",
       "--image-size=32",
       "--epochs=12",
       "--lr=0.02"}
  );
  EXPECT_GT(score["accuracy"], 0.9);
  const std::string model = "--model=" + (folder / "run").string();
  const std::string picture = (folder / "data/red/1.png").string();
  expect_refused(
      digitorch({"classify", "--page", model, picture}),
      2,
      "--page: found a network for 32x32 pixels in colour"
  );
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
           {"classify",
            model,
            "--data=" + (folder / "data").string(),
            "--explain=" + (folder / "why.png").string(),
            picture},
           {"eval", model},
           {"visualize", model, "--output=" + (folder / "own").string()},
           {"report", (folder / "run").string()},
           {"visualize", model, "--data=" + (folder / "data").string()},
           {"export", model, "--data=" + (folder / "data").string()},
           {"export",
            model,
            "--format=onnx",
            "--data=" + (folder / "data").string()}}) {
    const auto done = digitorch(command);
    EXPECT_EQ(done.exit_code, 0) << command[0] << ": " << done.err;
  }
  const auto exported = digitorch(
      {"classify",
       "--model=" + (folder / "run/best.pt").string(),
       "--trust-torchscript",
       picture}
  );
  EXPECT_TRUE(exported.out.find(": red (") != std::string::npos)
      << exported.out << exported.err;
}

TEST(OwnClassesTest, ANetworkForGreySaysThatColourIsLost) {
  const TempDir folder;
  write_discs(folder / "data", 20);
  const auto trained = digitorch(quick_train(
      folder / "data", folder / "run", {"--channels-in=1", "--image-size=8"}
  ));
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_NE(
      trained.err.find("in colour; the network sees light"), std::string::npos
  ) << trained.err;
  cv::Mat large(400, 300, CV_8UC3, cv::Scalar(0, 0, 200));
  cv::imwrite((folder / "large.png").string(), large);
  const auto answer = digitorch(
      {"classify",
       "--model=" + (folder / "run").string(),
       (folder / "large.png").string(),
       (folder / "large.png").string()}
  );
  const std::string path = (folder / "large.png").string();
  EXPECT_EQ(
      answer.err,
      "note: " + path +
          ": is in colour; the network sees 8x8 pixels in grey\n" + "note: " +
          path + ": has 300x400 pixels; the network sees 8x8 pixels in grey\n"
  );
}

TEST(OwnClassesTest, OtherClassesBeginWithTheLayersOfATrainedNetwork) {
  const TempDir folder;
  write_discs(folder / "discs", 20);
  write_discs(folder / "two", 20);
  fs::remove_all(folder / "two/green");
  const std::string cnn = "--model=cnn";
  const auto first = digitorch(quick_train(
      folder / "discs", folder / "run", {cnn, "--channels=8", "--image-size=24"}
  ));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string from = "--model=" + (folder / "run").string();
  const std::vector<std::string> call = {
      "train",
      from,
      "--data=" + (folder / "two").string(),
      "--run-dir=" + (folder / "next").string(),
      "--epochs=2",
      "--freeze=1"};
  const auto next = digitorch(call);
  ASSERT_EQ(next.exit_code, 0) << next.err;
  EXPECT_NE(
      next.err.find("the new network keeps conv 1, hidden 1; output begins anew"
      ),
      std::string::npos
  ) << next.err;
  EXPECT_NE(next.err.find("on 24x24 pixels in colour"), std::string::npos)
      << next.err;
  const auto answer = digitorch(
      {"classify",
       "--model=" + (folder / "next").string(),
       (folder / "two/red/1.png").string()}
  );
  EXPECT_TRUE(
      answer.out.find("red (") != std::string::npos &&
      answer.out.find("green") == std::string::npos
  ) << answer.out;
  std::vector<std::string> too_deep = call;
  too_deep.back() = "--freeze=3";
  too_deep[3] = "--run-dir=" + (folder / "deep").string();
  const auto refused = digitorch(too_deep);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(
      refused.err.find("--freeze: found 3; expected fewer than the 3 layers"),
      std::string::npos
  ) << refused.err;
}

TEST(OwnClassesTest, SmallClassesAreAnsweredWithBalancedWeights) {
  const TempDir folder;
  write_discs(folder / "data", 60);
  for (int i = 3; i < 60; ++i)
    fs::remove(folder / "data/blue" / (std::to_string(i) + ".png"));
  const auto trained = digitorch(quick_train(
      folder / "data",
      folder / "run",
      {"--model=cnn",
       "--channels=8",
       "--class-weights=balanced",
       "--epochs=10",
       "--lr=0.02"}
  ));
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto score = json_of(digitorch(
      {"eval",
       "--model=" + (folder / "run").string(),
       "--data=" + (folder / "data").string(),
       "--part=all",
       "--format=json"}
  ));
  // Without answers of one class of three it is two thirds at most.
  EXPECT_GT(score["macro"]["recall"], 0.7) << score["macro"];
}

TEST(OwnClassesTest, ARunKeepsHowMuchItMixes) {
  const TempDir folder;
  write_discs(folder / "data", 10);
  const auto trained = digitorch(quick_train(
      folder / "data", folder / "run", {"--epochs=1", "--mixup=0.4"}
  ));
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_NE(trained.err.find("accuracy on mixtures"), std::string::npos)
      << trained.err;
  std::ifstream config(folder / "run/config.json");
  EXPECT_EQ(nlohmann::json::parse(config)["options"]["mixup"], 0.4);
  const std::string resume = "--resume=" + (folder / "run").string();
  expect_refused(
      digitorch({"train", resume, "--epochs=2", "--mixup=0"}),
      2,
      "--mixup was 0.4, now 0"
  );
  const auto resumed = digitorch({"train", resume, "--epochs=2"});
  EXPECT_NE(resumed.err.find("accuracy on mixtures"), std::string::npos)
      << resumed.err;
}

TEST(OwnClassesTest, TheFormOfPicturesCannotChangeInARun) {
  const TempDir folder;
  write_discs(folder / "data", 10);
  const auto trained =
      digitorch(quick_train(folder / "data", folder / "run", {"--epochs=1"}));
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  expect_refused(
      digitorch(
          {"train",
           "--resume=" + (folder / "run").string(),
           "--epochs=2",
           "--image-size=16"}
      ),
      2,
      "--image-size was 0, now 16"
  );
}

}  // namespace
}  // namespace digitorch
