// Files stay whole whatever call fails.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "app/system/folder_lock.h"
#include "app/system/signals.h"
#include "app/system/write_file.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

/// Lets calls through to the system up to the N-th, which fails.
class FailingCalls {
 public:
  enum class Fault { error, short_write };

  FailingCalls(int fail_at, int error, Fault fault = Fault::error)
      : fail_at_(fail_at), error_(error), fault_(fault) {}

  FileCalls calls() {
    const FileCalls real = system_file_calls();
    return {
        [=, this](const char* path, int flags, mode_t mode) {
          if (fails(flags & O_DIRECTORY ? "open folder" : "open")) return -1;
          const int file = real.open(path, flags, mode);
          if (flags & O_DIRECTORY) folder_ = file;
          return file;
        },
        [=, this](int file, const void* bytes, std::size_t size) -> ssize_t {
          // In pieces, so that there are several writes to fail.
          const std::size_t piece = std::min<std::size_t>(size, 4);
          if (!fails("write")) return real.write(file, bytes, piece);
          return fault_ == Fault::short_write ? real.write(file, bytes, 1) : -1;
        },
        [=, this](int file) {
          if (fails(file == folder_ ? "fsync folder" : "fsync")) return -1;
          return real.fsync(file);
        },
        [=, this](int file) {
          const bool fail = fails(file == folder_ ? "close folder" : "close");
          const int result = real.close(file);  // Linux closes it either way.
          if (fail) errno = error_;
          return fail ? -1 : result;
        },
        [=, this](const char* from, const char* to) {
          return fails("rename") ? -1 : real.rename(from, to);
        },
    };
  }

  const std::vector<std::string>& made() const { return made_; }

 private:
  bool fails(const std::string& name) {
    made_.push_back(name);
    if (static_cast<int>(made_.size()) != fail_at_) return false;
    errno = error_;
    return true;
  }

  int fail_at_;
  int error_;
  Fault fault_;
  int folder_ = -1;
  std::vector<std::string> made_;
};

constexpr const char* kOld = "the old file";
constexpr const char* kNew = "0123456789";  // Three writes of at most 4 bytes.

class WriteFile : public ::testing::Test {
 protected:
  void SetUp() override {
    ignore_file_size_and_pipe_signals();
    write_file(file, kOld);
  }

  testing::TempDir folder;
  fs::path file = folder / "last.safetensors";
};

TEST_F(WriteFile, ReplacesTheWholeContent) {
  write_file(file, kNew);
  EXPECT_EQ(content(file), kNew);
  write_file(file, "");
  EXPECT_EQ(content(file), "");
  EXPECT_EQ(names_in(folder.path()), Names{"last.safetensors"});
}

TEST_F(WriteFile, KeepsEveryByteOfLargeBinaryContent) {
  std::string bytes(5'000'001, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 2654435761U >> 13);
  write_file(file, bytes);
  EXPECT_TRUE(content(file) == bytes);
}

TEST_F(WriteFile, SynchronisesBeforeAndAfterTheRename) {
  FailingCalls counting(0, 0);
  write_file(file, kNew, counting.calls());
  EXPECT_EQ(
      counting.made(),
      (Names{
          "open",
          "write",
          "write",
          "write",
          "fsync",
          "close",
          "open folder",
          "rename",
          "fsync folder",
          "close folder"})
  );
}

TEST_F(WriteFile, NoFailedCallLeavesPartOfAFile) {
  FailingCalls counting(0, 0);
  write_file(file, kNew, counting.calls());
  const std::vector<std::string> made = counting.made();
  for (int call = 1; call <= static_cast<int>(made.size()); ++call) {
    for (const int error : {ENOSPC, EIO, EDQUOT}) {
      SCOPED_TRACE(made[call - 1] + ": " + std::to_string(error));
      write_file(file, kOld);
      FailingCalls failing(call, error);
      // Closing the folder can lose nothing any more.
      const bool harmless = made[call - 1] == "close folder";
      const bool renamed = harmless || made[call - 1] == "fsync folder";
      try {
        write_file(file, kNew, failing.calls());
        EXPECT_TRUE(harmless);
      } catch (const std::system_error& failure) {
        EXPECT_FALSE(harmless);
        EXPECT_EQ(failure.code().value(), error);
        EXPECT_NE(
            std::string(failure.what()).find(folder.path().string()),
            std::string::npos
        );
      }
      EXPECT_EQ(content(file), renamed ? kNew : kOld);
      EXPECT_EQ(names_in(folder.path()), Names{"last.safetensors"});
    }
  }
}

TEST_F(WriteFile, InterruptedAndShortCallsAreContinued) {
  for (int call = 1; call <= 6; ++call) {  // Up to the close of the file.
    SCOPED_TRACE(call);
    write_file(file, kOld);
    FailingCalls interrupted(call, EINTR);
    write_file(file, kNew, interrupted.calls());
    EXPECT_EQ(content(file), kNew);
    if (call < 2 || call > 4) continue;  // The writes.
    write_file(file, kOld);
    FailingCalls cut(call, 0, FailingCalls::Fault::short_write);
    write_file(file, kNew, cut.calls());
    EXPECT_EQ(content(file), kNew);
  }
}

TEST_F(WriteFile, FileSizeLimitIsAnErrorAndKeepsTheOldFile) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit tiny = before;
  tiny.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tiny), 0);
  int error = 0;
  try {
    write_file(file, std::string(1001, 'x'));
  } catch (const std::system_error& failure) {
    error = failure.code().value();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(error, EFBIG);
  EXPECT_EQ(content(file), kOld);
  EXPECT_EQ(names_in(folder.path()), Names{"last.safetensors"});
}

TEST_F(WriteFile, FullDeviceIsAnErrorAndStaysADevice) {
  try {
    write_file("/dev/full", kNew);
    FAIL() << "expected std::system_error";
  } catch (const std::system_error& failure) {
    EXPECT_STREQ(
        failure.what(), "/dev/full: cannot write: No space left on device"
    );
  }
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(WriteFile, RefusesFolders) {
  EXPECT_THROW(write_file(folder.path(), kNew), std::runtime_error);
}

TEST_F(WriteFile, PipesAreWrittenTo) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  write_file(pipe, kNew);
  EXPECT_TRUE(fs::is_fifo(pipe));
  char bytes[16];
  const ssize_t size = read(reader, bytes, sizeof bytes);
  close(reader);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(bytes, static_cast<std::size_t>(size)), kNew);
}

TEST_F(WriteFile, WhatALinkPointsToIsReplacedAndTheLinkStays) {
  fs::create_symlink("last.safetensors", folder / "link");
  fs::create_symlink("none", folder / "to none");
  write_file(folder / "link", kNew);
  write_file(folder / "to none", kNew);
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(content(file), kNew);
  EXPECT_EQ(content(folder / "none"), kNew);
}

TEST_F(WriteFile, AnOpenFileIsWrittenToWhereItStands) {
  const int open_file = open(file.c_str(), O_WRONLY | O_APPEND);
  const std::string name = "/dev/fd/" + std::to_string(open_file);
  const bool was_link = fs::is_symlink("/dev/fd");
  write_file(name, kNew);
  close(open_file);
  EXPECT_EQ(content(file), std::string(kOld) + kNew);
  EXPECT_EQ(fs::is_symlink("/dev/fd"), was_link);
}

TEST_F(WriteFile, MissingFolderIsNamed) {
  try {
    write_file(folder / "none" / "file", kNew);
    FAIL() << "expected std::system_error";
  } catch (const std::system_error& failure) {
    EXPECT_EQ(failure.code().value(), ENOENT);
    EXPECT_NE(std::string(failure.what()).find("none/file"), std::string::npos);
  }
}

TEST_F(WriteFile, WorksWithTheLongestNameAndInTheWorkingFolder) {
  const fs::path longest = folder / std::string(255, 'n');
  write_file(longest, kNew);
  EXPECT_EQ(content(longest), kNew);
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_file("here", kNew);
  fs::current_path(before);
  EXPECT_EQ(content(folder / "here"), kNew);
}

TEST_F(WriteFile, StaleTemporariesAreRemovedAndNothingElse) {
  const Names kept = {
      ".hidden",
      ".lock",
      ".x.tmp-",
      ".x.tmp-12a",
      "last.safetensors",
      "x.tmp-12"};
  for (const std::string& name : kept) write_file(folder / name, kOld);
  std::ofstream(folder / ".last.safetensors.tmp-4711") << "half a fi";
  std::ofstream(folder / ".a.tmp-1.tmp-2") << "";
  fs::create_directory(folder / ".folder.tmp-3");
  remove_stale_temporaries(folder.path());
  Names expected = kept;
  expected.push_back(".folder.tmp-3");
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(names_in(folder.path()), expected);
  EXPECT_EQ(content(file), kOld);
}

}  // namespace
}  // namespace digitorch
