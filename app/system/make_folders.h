// New folders that survive a power cut.
#pragma once

#include <filesystem>

namespace digitorch {

/// Makes the folder and its parents where they are missing, and synchronises
/// the folder that holds each new one. Returns whether it made the last of
/// them: of several processes that make it, one does. Throws std::system_error
/// naming the path, also where a file has its name.
bool make_folders(const std::filesystem::path&);

}  // namespace digitorch
