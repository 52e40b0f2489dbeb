// tests/python/tensorboard_test.py gives the files to TensorBoard itself.
#include "app/training/event_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <iterator>

#include "app/system/errors.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

// The examples of RFC 3720, appendix B.4.
TEST(EventFileTest, ChecksumIsThatOfCastagnoli) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AA);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283);
  EXPECT_EQ(crc32c(""), 0);
}

TEST(EventFileTest, RecordsFollowEachOtherWithoutGaps) {
  const testing::TempDir folder;
  EventFile file(folder.path(), 1);
  file.scalar("loss/train", 7, 0.5);
  file.image("picture", 7, "PNG bytes", 3, 2);
  file.flush();
  const auto path = std::filesystem::directory_iterator(folder.path())->path();
  EXPECT_TRUE(path.filename().string().starts_with("events.out.tfevents."));
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{
      std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::vector<std::string> events;
  for (size_t at = 0; at < bytes.size();) {
    uint64_t length = 0;
    ASSERT_LE(at + 12, bytes.size());
    std::memcpy(&length, bytes.data() + at, sizeof length);
    ASSERT_LE(at + 16 + length, bytes.size());
    events.push_back(bytes.substr(at + 12, length));
    at += 16 + length;
  }
  ASSERT_EQ(events.size(), 4);
  EXPECT_NE(events[0].find("brain.Event:2"), std::string::npos);
  EXPECT_NE(events[2].find("loss/train"), std::string::npos);
  EXPECT_NE(events[3].find("PNG bytes"), std::string::npos);
}

TEST(EventFileTest, FolderThatIsNotThereIsAnEnvironmentError) {
  EXPECT_THROW(EventFile("/nowhere/at/all", 1), EnvironmentError);
}

}  // namespace
}  // namespace digitorch
