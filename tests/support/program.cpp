#include "tests/support/program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "tests/support/synthetic.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

void write_big_endian(std::ofstream& file, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    file.put(static_cast<char>(value >> shift));
}

void write_idx(
    const fs::path& path,
    uint32_t magic,
    std::vector<uint32_t> sizes,
    const torch::Tensor& values
) {
  std::ofstream file(path, std::ios::binary);
  write_big_endian(file, magic);
  for (const uint32_t size : sizes) write_big_endian(file, size);
  const auto bytes = values.to(torch::kUInt8).contiguous();
  file.write(
      static_cast<const char*>(bytes.const_data_ptr()),
      static_cast<std::streamsize>(bytes.nbytes())
  );
}

void write_part(
    const fs::path& folder, const std::string& part, const ImageSet& digits
) {
  const auto count = static_cast<uint32_t>(digits.size());
  const auto side = static_cast<uint32_t>(kImageSide);
  write_idx(
      folder / (part + "-images-idx3-ubyte"),
      0x803,
      {count, side, side},
      digits.images
  );
  write_idx(
      folder / (part + "-labels-idx1-ubyte"), 0x801, {count}, digits.labels
  );
}

struct Trained {
  TempDir folder;
  fs::path data = folder / "data";
  fs::path best = folder / "run" / "best.safetensors";

  Trained() {
    write_idx_set(data);
    const auto result = digitorch(quick_train(
        data,
        folder / "run",
        {"--epochs", "8", "--lr", "0.03", "--augment=none"}
    ));
    if (result.exit_code != 0)
      throw std::runtime_error("cannot train: " + result.err);
  }
};

const Trained& trained() {
  static const Trained model;
  return model;
}

}  // namespace

ProcessResult digitorch(
    std::vector<std::string> arguments, const RunOptions& options
) {
  arguments.insert(arguments.begin(), DIGITORCH_BINARY);
  return run(arguments, options);
}

nlohmann::json json_of(const ProcessResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto json =
      nlohmann::json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(json.is_discarded()) << result.out;
  return json;
}

void write_idx_set(const fs::path& folder) {
  fs::create_directories(folder);
  write_part(folder, "train", synthetic_digits(200, 4, 1));
  write_part(folder, "t10k", synthetic_digits(40, 4, 2));
}

void write_class_folders(
    const fs::path& folder,
    const std::vector<std::string>& classes,
    int64_t each
) {
  cv::RNG random(3);
  for (size_t c = 0; c < classes.size(); ++c) {
    fs::create_directories(folder / classes[c]);
    for (int64_t i = 0; i < each; ++i) {
      cv::Mat picture(64, 64, CV_8UC1, cv::Scalar(250));
      cv::putText(
          picture,
          std::to_string(c),
          {random.uniform(8, 24), random.uniform(44, 56)},
          cv::FONT_HERSHEY_SIMPLEX,
          random.uniform(1.2, 1.5),
          cv::Scalar(20),
          random.uniform(2, 5),
          cv::LINE_AA
      );
      const std::string name = std::to_string(i) + ".png";
      cv::imwrite((folder / classes[c] / name).string(), picture);
    }
  }
}

std::vector<std::string> quick_train(
    const fs::path& data,
    const fs::path& run_dir,
    const std::vector<std::string>& more
) {
  std::vector<std::string> arguments = {
      "train",
      "--data=" + data.string(),
      "--run-dir=" + run_dir.string(),
      "--threads=1",
      "--format=json"};
  const std::vector<std::pair<std::string, std::string>> defaults = {
      {"--model", "mlp"},
      {"--hidden", "16"},
      {"--epochs", "2"},
      {"--batch-size", "20"},
      {"--device", "cpu"}};
  for (const auto& [name, value] : defaults) {
    const auto replaces = [&name = name](const std::string& word) {
      return word == name || word.starts_with(name + "=");
    };
    if (std::none_of(more.begin(), more.end(), replaces))
      arguments.push_back(name + "=" + value);
  }
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

const fs::path& trained_model() { return trained().best; }
const fs::path& trained_data() { return trained().data; }

void expect_refused(
    const ProcessResult& result, int exit_code, const std::string& part
) {
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(result.err.starts_with("error: ")) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1)
      << result.err;
  EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
}

int64_t usual_peak() {
  static const int64_t bytes = [] {
    const TempDir folder;
    cv::imwrite((folder / "a.png").string(), cv::Mat::zeros(28, 28, CV_8UC1));
    return digitorch({"classify", (folder / "a.png").string()}).peak_bytes;
  }();
  return bytes;
}

std::string file_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace digitorch::testing
