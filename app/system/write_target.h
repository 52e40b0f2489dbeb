// What a path stands for when it is to be written.
#pragma once

#include <filesystem>

namespace digitorch {

struct WriteTarget {
  enum class Kind {
    replaced,        ///< A regular file, or none yet: it is replaced whole.
    device_or_pipe,  ///< It is written to.
    open_file,  ///< An open file of this process, as /dev/stdout: written to.
    unwritable  ///< A folder, a socket or a disk.
  };
  Kind kind = Kind::replaced;
  std::filesystem::path path;  ///< Where the symbolic links lead.
  int descriptor = -1;         ///< Of an open file.
};

WriteTarget write_target(const std::filesystem::path&);

/// Whether the path is this process's standard output, by whatever name.
bool is_standard_output(const std::filesystem::path&);

}  // namespace digitorch
