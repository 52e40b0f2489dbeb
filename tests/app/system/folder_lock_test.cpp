// One writer a folder, and folders that cannot be written.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "app/system/errors.h"
#include "app/system/folder_lock.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// Root may do everything: while this lives, the test is nobody.
class AsNobody {
 public:
  AsNobody() {
    if (geteuid() != 0) return;
    was_root_ = true;
    EXPECT_EQ(seteuid(65534), 0);
  }
  ~AsNobody() {
    if (was_root_) {
      EXPECT_EQ(seteuid(0), 0);
    }
  }

 private:
  bool was_root_ = false;
};

/// A process that holds a folder until it is killed.
class Holder {
 public:
  explicit Holder(const fs::path& folder) {
    std::array<int, 2> ready;
    EXPECT_EQ(pipe(ready.data()), 0);
    child_ = fork();
    if (child_ == 0) {
      const FolderLock lock(folder);
      if (write(ready[1], "r", 1) == 1) pause();
      _exit(1);
    }
    char byte = 0;
    close(ready[1]);
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
  }
  ~Holder() { kill_now(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  pid_t process() const { return child_; }
  void kill_now() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(std::exchange(child_, 0), nullptr, 0);
  }

 private:
  pid_t child_ = 0;
};

TEST(FolderLock, SecondHolderIsToldWhoHoldsIt) {
  const testing::TempDir folder;
  const Holder holder(folder.path());
  try {
    const FolderLock lock(folder.path());
    FAIL() << "expected EnvironmentError";
  } catch (const EnvironmentError& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find(folder.path().string()), 0U);
    EXPECT_NE(
        what.find("process " + std::to_string(holder.process()) + ";"),
        std::string::npos
    ) << what;
  }
}

TEST(FolderLock, IsGoneWhenItsHolderIsKilled) {
  const testing::TempDir folder;
  Holder holder(folder.path());
  holder.kill_now();
  EXPECT_NO_THROW(FolderLock(folder.path()));
}

TEST(FolderLock, IsHeldUntilTheLastOwnerEnds) {
  const testing::TempDir folder;
  std::optional<FolderLock> first(folder.path());
  std::optional<FolderLock> second(std::move(*first));
  first.reset();
  EXPECT_THROW(FolderLock(folder.path()), EnvironmentError);
  second.reset();
  EXPECT_NO_THROW(FolderLock(folder.path()));
}

TEST(FolderLock, MissingFolderIsASystemError) {
  const testing::TempDir folder;
  EXPECT_THROW(FolderLock(folder / "none"), std::system_error);
}

TEST(WritableFolder, IsMadeWithItsParentsAndLeftEmpty) {
  const testing::TempDir folder;
  check_writable_folder(folder / "a" / "b");
  EXPECT_TRUE(fs::is_empty(folder / "a" / "b"));
  check_writable_folder(folder / "a" / "b");
}

TEST(WritableFolder, FileInItsPlaceIsNamed) {
  const testing::TempDir folder;
  std::ofstream(folder / "file") << "x";
  for (const fs::path& path : {folder / "file", folder / "file" / "below"}) {
    try {
      check_writable_folder(path);
      ADD_FAILURE() << "expected std::system_error";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), std::errc::not_a_directory);
      EXPECT_EQ(std::string(error.what()).find(path.string()), 0U);
    }
  }
}

TEST(WritableFolder, ReadOnlyFolderIsAnErrorOfPermission) {
  const testing::TempDir folder;
  fs::create_directory(folder / "locked");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(folder / "locked", fs::perms(0555));
  const AsNobody nobody;
  for (const char* name : {"locked", "locked/below"}) {
    try {
      check_writable_folder(folder / name);
      ADD_FAILURE() << "expected std::system_error";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), std::errc::permission_denied) << error.what();
    }
  }
}

}  // namespace
}  // namespace digitorch
