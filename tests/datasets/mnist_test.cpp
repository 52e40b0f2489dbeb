#include "datasets/mnist.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "datasets/named_sets.h"
#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

using testing::big_endian;
using testing::contains;
using testing::error_of;
using testing::gzip;
using testing::image_file;
using testing::label_file;
using testing::starts_with;
using testing::TempDir;
using testing::write_file;

class MnistTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / "train-images-idx3-ubyte", image_file(20));
    write_file(folder_ / "train-labels-idx1-ubyte", label_file(20));
    write_file(folder_ / "t10k-images-idx3-ubyte", image_file(7));
    write_file(folder_ / "t10k-labels-idx1-ubyte", label_file(7));
  }
  void move(const std::string& from, const std::string& to) {
    fs::rename(folder_ / from, folder_ / to);
  }
  std::string error(std::vector<std::string> class_names = {}) {
    return error_of([&] {
      read_mnist(folder_.path(), Part::kTrain, class_names);
    });
  }

  TempDir folder_;
};

TEST_F(MnistTest, ReadsEitherPart) {
  const ImageSet train = read_mnist(folder_.path(), Part::kTrain);
  EXPECT_EQ(train.size(), 20);
  EXPECT_EQ(train.images.sizes(), (std::vector<int64_t>{20, 1, 28, 28}));
  EXPECT_EQ(train.labels[13].item<int64_t>(), 3);
  EXPECT_EQ(train.class_names, numbered_classes(10));
  const ImageSet test = read_mnist(folder_.path(), Part::kTest);
  EXPECT_EQ(test.size(), 7);
  EXPECT_EQ(test.class_names, numbered_classes(7));
}

TEST_F(MnistTest, FindsEverySpelling) {
  std::string images = "train-images-idx3-ubyte";
  for (const std::string name :
       {"train-images.idx3-ubyte",
        "train-images-idx3-ubyte.gz",
        "train-images.idx3-ubyte.gz"}) {
    move(images, name);
    images = name;
    EXPECT_EQ(read_mnist(folder_.path(), Part::kTrain).size(), 20) << name;
  }
}

TEST_F(MnistTest, PrefersTheRawFileToThePackedOne) {
  write_file(folder_ / "train-labels-idx1-ubyte.gz", gzip(label_file(3)));
  EXPECT_EQ(read_mnist(folder_.path(), Part::kTrain).size(), 20);
  fs::remove(folder_ / "train-labels-idx1-ubyte");
  EXPECT_TRUE(contains(error(), "has 3 labels"));
}

TEST_F(MnistTest, RefusesCountsThatDifferNamingBothFiles) {
  write_file(folder_ / "train-labels-idx1-ubyte", label_file(19));
  EXPECT_EQ(
      error(),
      (folder_ / "train-images-idx3-ubyte").string() + ": 20 pictures, but " +
          (folder_ / "train-labels-idx1-ubyte").string() +
          " has 19 labels; expected as many"
  );
}

TEST_F(MnistTest, RefusesALabelWithoutAClassNamingTheFirst) {
  std::string labels = label_file(20);
  labels[8 + 12] = '\xC8';
  labels[8 + 15] = '\x0B';
  write_file(folder_ / "train-labels-idx1-ubyte", labels);
  EXPECT_EQ(
      error(numbered_classes(10)),
      (folder_ / "train-labels-idx1-ubyte").string() +
          ": label 200 at index 12; expected 0 to 9"
  );
  EXPECT_EQ(
      read_mnist(folder_.path(), Part::kTrain).class_names,
      numbered_classes(201)
  );
}

TEST_F(MnistTest, NamesTheFilesFoundAndLookedFor) {
  fs::remove(folder_ / "train-images-idx3-ubyte");
  EXPECT_EQ(
      error(),
      folder_.path().string() +
          ": found t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, "
          "train-labels-idx1-ubyte; expected train-images-idx3-ubyte and "
          "train-labels-idx1-ubyte, also as .idx3-ubyte or .gz"
  );
}

TEST_F(MnistTest, TellsHowToGetASetWithAName) {
  const fs::path missing = folder_ / "fashion-mnist";
  const std::string run =
      "scripts/fetch_data.sh fashion-mnist " + folder_.path().string();
  const auto read = [&] { read_mnist(missing, Part::kTest); };
  EXPECT_TRUE(starts_with(
      error_of(read),
      missing.string() +
          ": no such folder; expected one with t10k-images-idx3-ubyte. Run: "
  ));
  EXPECT_TRUE(error_of(read).ends_with(run));
  fs::create_directory(missing);
  EXPECT_TRUE(contains(error_of(read), run));
  fs::remove(missing);
  write_file(missing, "a file");
  EXPECT_TRUE(contains(error_of(read), "not a folder"));
  EXPECT_TRUE(contains(
      error_of([] { read_mnist("data/no-such-set/mnist", Part::kTest); }),
      "scripts/fetch_data.sh mnist data/no-such-set"
  ));
}

TEST_F(MnistTest, ReportsAnUnreadableFolderAsTheSystemsRefusal) {
  const fs::path inner = folder_ / "closed";
  fs::create_directory(inner);
  fs::permissions(inner, fs::perms::none);
  fs::permissions(folder_.path(), fs::perms::all);
  const uid_t user = geteuid();
  const uid_t nobody = 65534;  // root may read everything
  ASSERT_EQ(seteuid(user == 0 ? nobody : user), 0);
  const std::string message =
      error_of([&] { read_mnist(inner, Part::kTrain); });
  ASSERT_EQ(seteuid(user), 0);
  fs::permissions(inner, fs::perms::all);
  EXPECT_TRUE(starts_with(message, "system: "));
  EXPECT_TRUE(contains(message, inner.string()));
}

/// `count` pictures of an upright bar, or of a lying one.
std::string bars(uint32_t count, bool upright) {
  std::string bytes = big_endian({0x00000803, count, 28, 28});
  for (uint32_t i = 0; i < count; ++i)
    for (int y = 0; y < 28; ++y)
      for (int x = 0; x < 28; ++x) {
        const int across = upright ? x : y;
        const int along = upright ? y : x;
        const bool ink =
            across >= 12 && across < 16 && along >= 4 && along < 24;
        bytes += ink ? '\xFF' : '\0';
      }
  return bytes;
}

/// Labels `first`, `first` + 1, ...
std::string labels_from(uint32_t first, uint32_t count) {
  std::string bytes = big_endian({0x00000801, count});
  for (uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(first + i);
  return bytes;
}

class IdxSetTest : public ::testing::Test {
 protected:
  void write(const std::string& prefix, uint32_t first_label, bool upright) {
    for (const std::string part : {"train", "test"}) {
      write_file(
          folder_ / (prefix + part + "-images-idx3-ubyte"), bars(3, upright)
      );
      write_file(
          folder_ / (prefix + part + "-labels-idx1-ubyte"),
          labels_from(first_label, 3)
      );
    }
  }
  IdxSet read() {
    warnings_.clear();
    return read_idx_set(
        folder_.path(), find_idx_files(folder_.path()).front(), warnings_
    );
  }

  TempDir folder_;
  std::vector<std::string> warnings_;
};

TEST_F(IdxSetTest, LabelsFromOneMakeNoClassZero) {
  write("", 1, true);
  const IdxSet set = read();
  EXPECT_EQ(set.train.class_names, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(set.test.labels[2].item<int64_t>(), 2);
  EXPECT_EQ(
      warnings_,
      std::vector<std::string>{
          folder_.path().string() +
          ": labels 1 to 3 and no 0, so there are 3 classes, 1 to 3"}
  );
}

TEST_F(IdxSetTest, ClassesAreNamedByAMappingOrAList) {
  write("emnist-letters-", 1, true);
  write_file(
      folder_ / "emnist-letters-mapping.txt", "1 65 97\r\n2 66 98\r\n3 67 99\n"
  );
  EXPECT_EQ(
      read().train.class_names, (std::vector<std::string>{"A", "B", "C"})
  );
  fs::remove(folder_ / "emnist-letters-mapping.txt");
  write_file(folder_ / "classes.txt", "ah\nbee hive\nsea\n");
  EXPECT_EQ(
      read().test.class_names,
      (std::vector<std::string>{"ah", "bee hive", "sea"})
  );
}

TEST_F(IdxSetTest, PicturesOfEmnistAreSetUprightWhereTheyLieOnTheirSide) {
  write("emnist-digits-", 0, false);
  IdxSet set = read();
  EXPECT_EQ(set.train.images[0][0][4][12].item<int>(), 255);
  EXPECT_EQ(set.test.images[0][0][12][4].item<int>(), 0);
  EXPECT_EQ(warnings_.size(), 1U);
  write("emnist-digits-", 0, true);
  set = read();
  EXPECT_EQ(set.train.images[0][0][4][12].item<int>(), 255);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(IdxSetTest, OtherSetsKeepTheirPicturesAsTheyAre) {
  write("", 0, false);
  EXPECT_EQ(read().train.images[0][0][12][4].item<int>(), 255);
  EXPECT_TRUE(warnings_.empty());
}

TEST(NamedSetsTest, HaveTenClassesEach) {
  ASSERT_EQ(named_sets().size(), 2U);
  for (const NamedSet& set : named_sets())
    EXPECT_EQ(set.class_names.size(), 10U) << set.name;
  ASSERT_NE(find_named_set("mnist"), nullptr);
  EXPECT_EQ(find_named_set("mnist")->class_names[7], "7");
  ASSERT_NE(find_named_set("fashion-mnist"), nullptr);
  EXPECT_EQ(find_named_set("fashion-mnist")->class_names[9], "Ankle boot");
  EXPECT_EQ(find_named_set("kmnist"), nullptr);
  EXPECT_EQ(list_of_named_sets(), "mnist, fashion-mnist");
}

}  // namespace
}  // namespace digitorch
