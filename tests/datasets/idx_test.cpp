#include "datasets/idx.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using testing::big_endian;
using testing::contains;
using testing::error_of;
using testing::gzip;
using testing::image_file;
using testing::label_file;
using testing::starts_with;
using testing::TempDir;
using testing::write_file;

constexpr std::size_t kMiB = std::size_t{1} << 20;

class IdxTest : public ::testing::Test {
 protected:
  torch::Tensor images(const std::string& bytes) {
    write_file(path_, bytes);
    return read_idx_images(path_);
  }
  torch::Tensor labels(const std::string& bytes) {
    write_file(path_, bytes);
    return read_idx_labels(path_);
  }
  std::string image_error(const std::string& bytes) {
    return error_of([&] { images(bytes); });
  }
  std::string label_error(const std::string& bytes) {
    return error_of([&] { labels(bytes); });
  }
  /// Every error names the file.
  std::string at_path(const std::string& message) const {
    return path_.string() + ": " + message;
  }

  TempDir folder_;
  std::filesystem::path path_ = folder_ / "file";
};

/// Lets this process take only so much more memory, for as long as it lives.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t more) {
    getrlimit(RLIMIT_AS, &old_);
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit limit = old_;
    limit.rlim_cur = pages * static_cast<std::size_t>(getpagesize()) + more;
    setrlimit(RLIMIT_AS, &limit);
  }
  ~MemoryLimit() { setrlimit(RLIMIT_AS, &old_); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit old_{};
};

TEST_F(IdxTest, ReadsImagesInFileOrder) {
  const torch::Tensor read = images(image_file(5));
  EXPECT_EQ(read.sizes(), (std::vector<int64_t>{5, 1, 28, 28}));
  EXPECT_EQ(read.scalar_type(), torch::kUInt8);
  const torch::Tensor expected =
      torch::arange(5 * 28 * 28).remainder(251).view({5, 1, 28, 28});
  EXPECT_TRUE(torch::equal(read, expected.to(torch::kUInt8)));
}

TEST_F(IdxTest, ReadsLabelsAsInt64UpTo255) {
  const torch::Tensor read =
      labels(big_endian({0x801, 4}) + "\x07\x01\xFF\x02");
  EXPECT_TRUE(torch::equal(read, torch::tensor({7, 1, 255, 2}, torch::kInt64)));
}

TEST_F(IdxTest, TakesTheFirstColumnOfLabelsOf32Bits) {
  std::string rows = big_endian({0x00000C02, 3, 4});
  for (const uint32_t label : {7U, 0U, 255U})
    rows += big_endian({label, 1000000, 0xFFFFFFFF, 3});
  const torch::Tensor expected = torch::tensor({7, 0, 255}, torch::kInt64);
  EXPECT_TRUE(torch::equal(labels(rows), expected));
  EXPECT_TRUE(
      torch::equal(labels(big_endian({0x00000C01, 3, 7, 0, 255})), expected)
  );
  EXPECT_EQ(
      label_error(big_endian({0x00000C01, 2, 7, 256})),
      at_path("label 256 at index 1; expected 0 to 255")
  );
  EXPECT_EQ(
      label_error(big_endian({0x00000C02, 2, 0})),
      at_path("0 columns of labels; expected 1 to 64")
  );
  EXPECT_EQ(
      label_error(big_endian({0x00000C02, 2, 65})),
      at_path("65 columns of labels; expected 1 to 64")
  );
}

TEST_F(IdxTest, TellsGzipByItsBytesWhateverTheName) {
  for (const char* name : {"images", "images.gz"}) {
    path_ = folder_ / name;
    EXPECT_TRUE(torch::equal(images(gzip(image_file(5))), images(image_file(5)))
    ) << name;
  }
}

TEST_F(IdxTest, ReadsSeveralGzipMembersAsOne) {
  const std::string bytes = image_file(5);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{16}, bytes.size()})
    EXPECT_TRUE(torch::equal(
        images(gzip(bytes.substr(0, cut)) + gzip(bytes.substr(cut))),
        images(bytes)
    )) << cut;
}

TEST_F(IdxTest, RefusesARawFileCutAnywhere) {
  const std::string bytes = image_file(5);
  write_file(path_, bytes);
  for (std::size_t size = bytes.size(); size-- > 0;) {
    std::filesystem::resize_file(path_, size);
    const std::string error = error_of([&] { read_idx_images(path_); });
    const std::string found = size < 16 ? "holds " : "holds at most ";
    ASSERT_TRUE(starts_with(
        error, at_path(found + std::to_string(size) + " bytes; expected ")
    ));
  }
  write_file(path_, bytes.substr(0, 15));
  EXPECT_EQ(
      error_of([&] { read_idx_images(path_); }),
      at_path("holds 15 bytes; expected a header of 16 and data")
  );
  write_file(path_, bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(
      error_of([&] { read_idx_images(path_); }),
      at_path("holds at most 3935 bytes; expected 3936 for the 5 items in its "
              "header. Was it downloaded whole?")
  );
}

TEST_F(IdxTest, RefusesAGzipFileCutAnywhere) {
  const std::string packed = gzip(image_file(5));
  write_file(path_, packed);
  for (std::size_t size = packed.size(); size-- > 0;) {
    std::filesystem::resize_file(path_, size);
    ASSERT_TRUE(
        starts_with(error_of([&] { read_idx_images(path_); }), at_path(""))
    ) << size;
  }
}

TEST_F(IdxTest, TellsACutGzipFileFromAWholeOneOfTooFewItems) {
  const std::string bytes = image_file(5);
  const std::string packed = gzip(bytes);
  EXPECT_EQ(
      image_error(packed.substr(0, packed.size() - 1)),
      at_path("gzip data ends early; expected a whole file")
  );
  EXPECT_EQ(
      image_error(gzip(bytes.substr(0, bytes.size() - 1))),
      at_path(
          "holds 3935 bytes; expected 3936 for the 5 items in its header. Was "
          "it downloaded whole?"
      )
  );
}

TEST_F(IdxTest, RefusesGzipWithAnyBitOfItsSumOrLengthWrong) {
  const std::string packed = gzip(image_file(5));
  for (std::size_t bit = 0; bit < 64; ++bit) {
    std::string damaged = packed;
    damaged[packed.size() - 8 + bit / 8] ^= static_cast<char>(1 << bit % 8);
    ASSERT_TRUE(starts_with(
        image_error(damaged), at_path("damaged gzip data (incorrect ")
    ));
  }
}

TEST_F(IdxTest, RefusesWhateverFollowsTheArray) {
  for (const std::string tail : {"\n", "garbage", "\x1F", "\x1F\x8B"}) {
    EXPECT_EQ(
        image_error(image_file(5) + tail),
        at_path("has bytes after its last item; expected the end after 3936")
    );
    EXPECT_TRUE(contains(image_error(gzip(image_file(5)) + tail), "gzip data"));
  }
  EXPECT_TRUE(contains(
      image_error(gzip(image_file(5) + "x")), "has bytes after its last item"
  ));
  EXPECT_TRUE(contains(
      label_error(label_file(5) + '\0'), "has bytes after its last item"
  ));
}

TEST_F(IdxTest, RefusesAnotherMagicNumberAndSaysWhatItIs) {
  const std::string dimensions = big_endian({5, 28, 28}) + std::string(3920, 0);
  const std::vector<std::pair<uint32_t, std::string>> cases = {
      {0x00000801, "a label file; were the files swapped?"},
      {0x00000802, "an IDX file of 2 dimensions"},
      {0x00000805, "an IDX file of 5 dimensions"},
      {0x00000903, "an IDX file of other elements than unsigned bytes"},
      {0x00000D03, "an IDX file of other elements than unsigned bytes"},
      {0x03080000, "no IDX file"},  // little-endian
      {0x89504E47, "no IDX file"},  // PNG
      {0x00000000, "an IDX file of other elements than unsigned bytes"}};
  for (const auto& [magic, what] : cases) {
    std::array<char, 11> hex{};
    std::snprintf(hex.data(), hex.size(), "0x%08x", magic);
    EXPECT_EQ(
        image_error(big_endian({magic}) + dimensions),
        at_path(
            std::string("magic number ") + hex.data() + ", " + what +
            "; expected 0x00000803"
        )
    );
  }
  EXPECT_EQ(
      label_error(image_file(5)),
      at_path(
          "magic number 0x00000803, an image file; were the files swapped?; "
          "expected 0x00000801"
      )
  );
}

TEST_F(IdxTest, ReadsAnySizeAndThreeChannels) {
  std::string pixels;
  for (int i = 0; i < 2 * 3 * 4 * 3; ++i) pixels += static_cast<char>(i);
  const torch::Tensor grey = images(big_endian({0x803, 6, 3, 4}) + pixels);
  EXPECT_EQ(grey.sizes(), (std::vector<int64_t>{6, 1, 3, 4}));
  EXPECT_EQ(grey[5][0][2][3].item<int>(), 71);
  const torch::Tensor colour = images(big_endian({0x804, 2, 3, 4, 3}) + pixels);
  EXPECT_EQ(colour.sizes(), (std::vector<int64_t>{2, 3, 3, 4}));
  EXPECT_EQ(colour[0][0][0][1].item<int>(), 3);  // red of the second pixel
  EXPECT_EQ(colour[1][2][2][3].item<int>(), 71);
  EXPECT_TRUE(contains(
      image_error(big_endian({0x804, 2, 3, 6, 2}) + pixels),
      "pictures of 2 channels in the last dimension; expected 1 or 3"
  ));
}

TEST_F(IdxTest, RefusesHugeAndEmptyDimensionsBeforeTakingMemory) {
  constexpr uint32_t kMost = 0xFFFFFFFF;
  const std::vector<std::pair<std::vector<uint32_t>, std::string>> cases = {
      {{0, 28, 28}, "promises 0 items; expected 1 to 5478274"},
      {{5, 0, 28}, "pictures of 28 x 0 pixels; expected 1 to 1024 on a side"},
      {{5, 28, 0}, "pictures of 0 x 28 pixels; expected 1 to 1024 on a side"},
      {{65536, 65536, 65536}, "pictures of 65536 x 65536 pixels"},
      {{1, 1U << 31, 1U << 31}, "pictures of 2147483648 x 2147483648 pixels"},
      {{kMost, kMost, kMost}, "pictures of 4294967295 x 4294967295 pixels"},
      {{kMost, 28, 28}, "promises 4294967295 items"},
      {{5478275, 28, 28}, "promises 5478275 items"},
      {{5478274, 28, 28}, "holds at most "}};
  const MemoryLimit limit(256 * kMiB);
  for (const auto& [sizes, found] : cases) {
    const std::string bytes =
        big_endian({0x803, sizes[0], sizes[1], sizes[2]}) + std::string(784, 0);
    EXPECT_TRUE(contains(image_error(bytes), found));
    EXPECT_TRUE(contains(image_error(gzip(bytes)), found));
  }
  EXPECT_TRUE(contains(label_error(big_endian({0x801, 0})), "promises 0"));
  for (const uint32_t count : {5478275U, kMost})
    EXPECT_TRUE(contains(
        label_error(big_endian({0x801, count})), "expected 1 to 5478274"
    ));
  EXPECT_TRUE(
      contains(label_error(big_endian({0x801, 5478274})), "expected 5478282")
  );
}

TEST_F(IdxTest, StopsUnpackingAGzipBombAtTheSizeItsHeaderPromises) {
  const std::string zeros = gzip(std::string(64 * kMiB, '\0'));
  std::string bomb = gzip(image_file(5));
  for (int i = 0; i < 160; ++i) bomb += zeros;  // 10 GiB
  write_file(path_, bomb);
  const MemoryLimit limit(256 * kMiB);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(
      error_of([&] { read_idx_images(path_); }),
      at_path("has bytes after its last item; expected the end after 3936")
  );
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 1);
}

TEST_F(IdxTest, CountsWhatUnpacksToFarMoreThanPicturesDoBeforeTakingMemory) {
  const std::string zeros = gzip(std::string(64 * kMiB, '\0'));
  const auto bomb = [&](uint32_t pictures) {
    std::string bytes = gzip(big_endian({0x803, pictures, 28, 28}));
    for (int i = 0; i < 16; ++i) bytes += zeros;  // 1 GiB
    return bytes;
  };
  const uint32_t whole = (16 * 64 * kMiB) / 784;
  const MemoryLimit limit(256 * kMiB);
  EXPECT_TRUE(contains(image_error(bomb(whole)), "has bytes after its last"));
  EXPECT_TRUE(contains(
      image_error(bomb(whole + 1)), "holds 1073741840 bytes; expected "
  ));
}

TEST_F(IdxTest, SurvivesAFileThatShrinksAndGrowsWhileItIsRead) {
  const std::string bytes = image_file(1000);  // several reads long
  const torch::Tensor whole = images(bytes);
  std::atomic<bool> done = false;
  std::thread disturber([&] {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    const std::size_t half = bytes.size() / 2;
    while (!done) {
      std::filesystem::resize_file(path_, half);
      std::this_thread::yield();
      file.seekp(static_cast<std::streamoff>(half));
      file.write(
          &bytes[half], static_cast<std::streamsize>(bytes.size() - half)
      );
      file.flush();
      std::this_thread::yield();
    }
  });
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string error = error_of([&] {
      EXPECT_TRUE(torch::equal(read_idx_images(path_), whole));
    });
    if (error == "no error") continue;
    ++refused;
    EXPECT_TRUE(contains(error, "expected 784016 for the 1000 items"));
  }
  done = true;
  disturber.join();
  EXPECT_GT(refused, 0);
  EXPECT_TRUE(torch::equal(read_idx_images(path_), whole));
}

}  // namespace
}  // namespace digitorch
