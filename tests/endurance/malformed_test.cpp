// Files that are damaged at random places, given to the real program: each is
// refused with exit code 2 and one line that names it, within bounded time and
// memory.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "models/files/sha256.h"
#include "tests/support/data_files.h"
#include "tests/support/pictures.h"
#include "tests/support/program.h"
#include "tests/support/repeats.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

void expect_refused_within_bounds(
    const std::vector<std::string>& words, const std::string& name
) {
  const ProcessResult result = digitorch(words);
  expect_refused(result, 2, name);
  EXPECT_LT(result.cpu_seconds, kMostSeconds);
  EXPECT_LT(result.peak_bytes, usual_peak() + kMostBytes);
}

/// The bytes without their end, from a random place on.
std::string cut(const std::string& bytes, std::mt19937& random) {
  return bytes.substr(0, random() % bytes.size());
}

/// One bit of the bytes from `begin` to `end` is another.
std::string with_flipped_bit(
    std::string bytes, size_t begin, size_t end, std::mt19937& random
) {
  const size_t at = begin + random() % (end - begin);
  bytes[at] ^= static_cast<char>(1 << random() % 8);
  return bytes;
}

/// Of gzip's bytes, one that its checksum guards: behind the header, and not
/// the last of the data, which has padding.
std::string with_flipped_bit_in_gzip(
    const std::string& packed, std::mt19937& random
) {
  constexpr size_t kHeader = 10, kPaddingAndChecks = 9;
  return with_flipped_bit(
      packed, kHeader, packed.size() - kPaddingAndChecks, random
  );
}

TEST(MalformedTest, IdxFilesCutOrOfAFalseHeader) {
  const TempDir folder;
  std::mt19937 random(1);
  const int files = repeats(4, 200);
  for (int i = 0; i < files; ++i) {
    const fs::path set = folder / ("set" + std::to_string(i));
    write_idx_set(set);
    const std::string name =
        i % 2 == 0 ? "train-images-idx3-ubyte" : "train-labels-idx1-ubyte";
    std::string bytes = file_text(set / name);
    switch (i % 4) {
      case 0:
        bytes = cut(bytes, random);
        break;
      case 1:
        bytes[random() % 8] ^= static_cast<char>(1 + random() % 255);
        break;
      case 2:
        bytes = cut(gzip(bytes), random);
        break;
      default:
        bytes = with_flipped_bit_in_gzip(gzip(bytes), random);
    }
    write_file(set / name, bytes);
    expect_refused_within_bounds(
        {"train", "--data", set.string(), "--run-dir", (folder / "r").string()},
        name
    );
    fs::remove_all(set);
  }
}

/// A picture in each format, with the ending of its name.
std::vector<std::pair<std::string, std::string>> pictures() {
  cv::Mat colour;
  cv::cvtColor(draw_digit(200), colour, cv::COLOR_GRAY2BGR);
  std::vector<std::pair<std::string, std::string>> all;
  for (const char* ending : {".png", ".jpg", ".bmp", ".tif", ".webp", ".ppm"})
    all.emplace_back(ending, encode(ending, colour));
  return all;
}

TEST(MalformedTest, PicturesCutAnywhere) {
  const TempDir folder;
  std::mt19937 random(2);
  const auto good = pictures();
  const int files = repeats(6, 220);
  for (int i = 0; i < files; ++i) {
    const auto& [ending, bytes] = good[static_cast<size_t>(i) % good.size()];
    const std::string name = "cut" + std::to_string(i) + ending;
    write_file(folder / name, cut(bytes, random));
    expect_refused_within_bounds({"classify", (folder / name).string()}, name);
  }
}

/// A checkpoint with a changed header and a digest that is right again.
std::string forged(
    const std::string& bytes, const std::function<void(nlohmann::json&)>& change
) {
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  nlohmann::json header = nlohmann::json::parse(bytes.substr(8, length));
  change(header);
  const std::string text = header.dump();
  const uint64_t new_length = text.size();
  std::string made(8, '\0');
  std::memcpy(made.data(), &new_length, 8);
  made += text + bytes.substr(8 + length);
  made.resize(made.size() - kSha256Size);
  return made + sha256(made);
}

TEST(MalformedTest, CheckpointsDamagedOrForged) {
  const TempDir folder;
  std::mt19937 random(3);
  const std::string good = file_text(trained_model());
  const int files = repeats(6, 120);
  for (int i = 0; i < files; ++i) {
    std::string bytes;
    if (i % 3 == 0)
      bytes = cut(good, random);
    else if (i % 3 == 1)
      bytes = with_flipped_bit(good, 0, good.size(), random);
    else
      bytes = forged(good, [&](nlohmann::json& header) {
        auto at = header["__metadata__"].begin();
        std::advance(at, random() % header["__metadata__"].size());
        const std::string text = *at;
        *at = text.substr(0, random() % text.size());
      });
    const std::string name = "bad" + std::to_string(i) + ".safetensors";
    write_file(folder / name, bytes);
    expect_refused_within_bounds(
        {"eval",
         "--data",
         trained_data().string(),
         "--model",
         (folder / name).string()},
        name
    );
  }
}

TEST(MalformedTest, ModelFilesOfOtherKindsOrCut) {
  const TempDir folder;
  std::mt19937 random(4);
  const std::string script = (folder / "good.pt").string();
  json_of(digitorch(
      {"export",
       "--model",
       trained_model().string(),
       "--data",
       trained_data().string(),
       "--output",
       script,
       "--quiet"}
  ));
  const std::string picture = encode(".png", draw_digit(200));
  write_file(folder / "a.png", picture);
  const std::vector<std::string> kinds = {
      file_text(script), picture, std::string(5000, '\0')};
  const int files = repeats(3, 60);
  for (int i = 0; i < files; ++i) {
    const std::string name = "bad" + std::to_string(i) + ".pt";
    const std::string& bytes = kinds[static_cast<size_t>(i) % kinds.size()];
    write_file(folder / name, cut(bytes, random));
    expect_refused_within_bounds(
        {"classify",
         "--model",
         (folder / name).string(),
         (folder / "a.png").string()},
        name
    );
  }
}

TEST(CeilingTest, GzipThatGrowsBeyondItsHeaderIsRefusedEarly) {
  const TempDir folder;
  const fs::path set = folder / "set";
  write_idx_set(set);
  // Zeros, packed about 1000 to 1, behind a header of one picture.
  const int64_t mebibytes = repeats(64, 10240);
  const std::string header{"\0\0\x08\x03\0\0\0\1\0\0\0\x1c\0\0\0\x1c", 16};
  const fs::path file = set / "train-images-idx3-ubyte";
  const gzFile packed = gzopen(file.c_str(), "wb9");
  ASSERT_NE(packed, nullptr);
  gzwrite(packed, header.data(), static_cast<unsigned>(header.size()));
  const std::string zeros(size_t{1} << 20, '\0');
  for (int64_t i = 0; i < mebibytes; ++i)
    gzwrite(packed, zeros.data(), static_cast<unsigned>(zeros.size()));
  ASSERT_EQ(gzclose(packed), Z_OK);
  expect_refused_within_bounds(
      {"train", "--data", set.string(), "--run-dir", (folder / "r").string()},
      "train-images-idx3-ubyte"
  );
}

TEST(CeilingTest, HeadersThatPromiseTerabytesTakeNoMemory) {
  const TempDir folder;
  const fs::path set = folder / "set";
  write_idx_set(set);
  write_file(
      set / "train-images-idx3-ubyte",
      std::string("\0\0\x08\x03\xff\xff\xff\xff\0\0\0\x1c\0\0\0\x1c", 16)
  );
  expect_refused_within_bounds(
      {"train", "--data", set.string(), "--run-dir", (folder / "r").string()},
      "train-images-idx3-ubyte"
  );
  std::string bytes = forged(file_text(trained_model()), [](auto& header) {
    for (auto& [name, tensor] : header.items())
      if (tensor.contains("shape")) tensor["shape"] = {1 << 20, 1 << 20};
  });
  write_file(folder / "huge.safetensors", bytes);
  expect_refused_within_bounds(
      {"eval",
       "--data",
       trained_data().string(),
       "--model",
       (folder / "huge.safetensors").string()},
      "huge.safetensors"
  );
}

TEST(CeilingTest, CheckpointOfTwentyThousandTensorsIsReadInTime) {
  const TempDir folder;
  const std::string bytes =
      forged(file_text(trained_model()), [](nlohmann::json& header) {
        for (int i = 0; i < 20'000; ++i)
          header["more." + std::to_string(i)] = {
              {"dtype", "F32"}, {"shape", {0}}, {"data_offsets", {0, 0}}};
      });
  write_file(folder / "many.safetensors", bytes);
  expect_refused_within_bounds(
      {"eval",
       "--data",
       trained_data().string(),
       "--model",
       (folder / "many.safetensors").string()},
      "many.safetensors"
  );
}

}  // namespace
}  // namespace digitorch::testing
