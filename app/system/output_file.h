// The one rule by which a command may write a file that the user names: nothing
// that a user made is lost.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace digitorch {

struct OutputFile {
  std::filesystem::path path;
  /// A text that all files of this command and purpose hold, such as "digitorch
  /// classify --explain": a file that holds it may be replaced. Empty: none
  /// may.
  std::string mark;
  /// Whether --overwrite allows any file to be replaced that is no input.
  bool overwrite = false;
  /// Files that the command reads.
  std::vector<std::filesystem::path> inputs = {};
  /// The endings of names that suit the content, such as ".png"; empty: any. A
  /// name without an ending suits all.
  std::vector<std::string> endings = {};
};

/// Throws std::runtime_error naming the path where it is one of the inputs, has
/// an ending that promises other content, or is a file without the mark that
/// nobody allowed to replace. What is written to rather than replaced, such as
/// a pipe, may always be. To be called before the work, too, so that an hour is
/// not spent on what cannot be kept.
void check_output(const OutputFile&);

/// Checks as check_output() does and writes the file: see write_file(). A PNG,
/// SVG or HTML file gets the mark; other content has to hold it.
void write_output(const OutputFile&, const std::string& content);

}  // namespace digitorch
