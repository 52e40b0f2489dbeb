// The lock that gives a folder a single writer, and a check that the folder can
// be written before hours of work depend on it.
#pragma once

#include <filesystem>

namespace digitorch {

/// Makes the folder and its parents where they are missing, and writes and
/// removes a small file in it. Throws std::system_error naming the path where
/// that fails: a read-only or full disk, a missing permission, a file of that
/// name.
void check_writable_folder(const std::filesystem::path&);

/// Holds the folder for this process until the object is destroyed or the
/// process ends in whatever way. The kernel holds the lock, on the file ".lock"
/// in the folder. That file contains the number of the holder's process, and
/// stays when the lock is gone.
class FolderLock {
 public:
  /// Throws EnvironmentError naming the process that holds the folder, or
  /// std::system_error where the file cannot be made or locked.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(FolderLock&&) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  int file_;
};

}  // namespace digitorch
