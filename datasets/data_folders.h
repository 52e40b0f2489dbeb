// Where the named data sets lie, and how to fetch one that lies nowhere.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace digitorch {

/// The value of --data-dir that stands for all of data_folders().
inline constexpr const char* kUsualDataFolder = "data";

/// The folders in which a named set is looked for, in this order: the one that
/// the environment names by DIGITORCH_DATA; data/ here; digitorch/ in
/// XDG_DATA_HOME, which is ~/.local/share unless the environment names another;
/// data/ beside the scripts of the repository that the running program was
/// built in.
std::vector<std::filesystem::path> data_folders();

/// The folder of the set called `name` in `data_dir`, or in the first of
/// data_folders() that has it where `data_dir` is kUsualDataFolder. Throws
/// std::runtime_error saying where it was looked for, and how to fetch it.
std::filesystem::path find_named_folder(
    const std::string& name, const std::filesystem::path& data_dir
);

/// The command that fetches the set called `name` into `data_dir`, with a path
/// of the script that exists; empty where there is no script.
std::string fetch_command(
    const std::string& name, const std::filesystem::path& data_dir
);

/// The end of a message that a set is not in `data_dir`: how to fetch it, or
/// where there is no script, which files to put there.
std::string how_to_fetch(
    const std::string& name, const std::filesystem::path& data_dir
);

}  // namespace digitorch
