#include "datasets/files/read_file.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using testing::error_of;
using testing::starts_with;
using testing::TempDir;
using testing::write_file;

constexpr std::size_t kLimit = 1000;

TEST(ReadFileTest, ReturnsAllBytesAsTheyAre) {
  const TempDir folder;
  const std::string bytes("\0\xFF\n\r\0end", 8);
  write_file(folder / "file", bytes);
  EXPECT_EQ(read_file(folder / "file", kLimit), bytes);
  write_file(folder / "empty", "");
  EXPECT_EQ(read_file(folder / "empty", kLimit), "");
}

TEST(ReadFileTest, TakesAFileOfTheLimitAndRefusesALargerOne) {
  const TempDir folder;
  write_file(folder / "file", std::string(kLimit, 'x'));
  EXPECT_EQ(read_file(folder / "file", kLimit).size(), kLimit);
  EXPECT_EQ(
      error_of([&] { read_file(folder / "file", kLimit - 1); }),
      (folder / "file").string() + ": holds 1000 bytes; expected at most 999"
  );
}

TEST(ReadFileTest, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const TempDir folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  (folder / "socket")
      .string()
      .copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(
      bind(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0
  );
  std::filesystem::create_symlink("loop", folder / "loop");
  const std::vector<std::pair<std::filesystem::path, std::string>> cases = {
      {folder / "missing", "no such file"},
      {folder / "missing" / "file", "no such file"},
      {folder / "loop", "no such file"},
      {folder / std::string(300, 'x'), "no such file"},
      {folder.path(), "is a folder"},
      {folder / "pipe", "is a pipe"},
      {folder / "socket", "is a socket"},
      {"/dev/zero", "is a device"}};
  for (const auto& [path, found] : cases)
    EXPECT_TRUE(starts_with(
        error_of([&] { read_file(path, kLimit); }), path.string() + ": " + found
    ));
  close(server);
}

TEST(ReadFileTest, FollowsALinkToAFile) {
  const TempDir folder;
  write_file(folder / "file", "content");
  std::filesystem::create_symlink("file", folder / "link");
  EXPECT_EQ(read_file(folder / "link", kLimit), "content");
}

TEST(ReadFileTest, ReportsAMissingPermissionAsTheSystemsRefusal) {
  const TempDir folder;
  write_file(folder / "file", "content");
  std::filesystem::permissions(folder / "file", std::filesystem::perms::none);
  const uid_t user = geteuid();
  const uid_t nobody = 65534;  // root may read everything
  ASSERT_EQ(seteuid(user == 0 ? nobody : user), 0);
  const std::string error =
      error_of([&] { read_file(folder / "file", kLimit); });
  ASSERT_EQ(seteuid(user), 0);
  EXPECT_EQ(
      error,
      "system: " + (folder / "file").string() +
          ": cannot open: Permission denied"
  );
}

TEST(InputFileTest, GivesFewerBytesOnceTheFileShrank) {
  const TempDir folder;
  write_file(folder / "file", "0123456789");
  InputFile file(folder / "file");
  EXPECT_EQ(file.size(), 10U);
  std::filesystem::resize_file(folder / "file", 4);
  std::string bytes(10, '.');
  EXPECT_EQ(file.read(bytes.data(), 10), 4U);
  EXPECT_EQ(bytes, "0123......");
  EXPECT_EQ(file.read(bytes.data(), 10), 0U);
}

}  // namespace
}  // namespace digitorch
