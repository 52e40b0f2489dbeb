// One writer a folder, and a look whether it can be written before hours of
// work depend on it.
#pragma once

#include <filesystem>

namespace digitorch {

/// Makes the folder and its parents where they are missing, and writes and
/// removes a small file in it. Throws std::system_error naming the path (read
/// only, no permission, disk full, a file of that name).
void check_writable_folder(const std::filesystem::path&);

/// Holds the folder for this process until the object or the process ends, in
/// whatever way. The lock is the kernel's, on the file ".lock" in the folder;
/// the file only tells the holder's process number and stays behind.
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
