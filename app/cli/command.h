// A subcommand as a value, and how its command line becomes option values.
// Help, completion and parsing all come from the same fields.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

struct OptionGroup {
  std::string title;
  std::vector<Field> fields;
};

/// What the user typed, in order.
struct Arguments {
  std::vector<std::pair<std::string, std::string>> options;  ///< name, value
  std::vector<std::string> paths;

  bool has(const std::string& name) const;
};

struct Command {
  std::string name;
  std::string summary;      ///< One line for the list of commands.
  std::string paths;        ///< Such as "[PICTURE...]"; empty: takes none.
  std::string description;  ///< For --help, below the usage line.
  /// They refer to values that `run` keeps alive.
  std::vector<OptionGroup> groups;
  /// Called with the fields already set from the options typed. Returns the
  /// exit code.
  std::function<int(const Arguments&)> run;
};

/// Reads the words after the command's name. Throws std::runtime_error naming
/// the option for one that is unknown, repeated or without its value, and for
/// paths where the command takes none.
Arguments parse(const Command&, const std::vector<std::string>& words);

/// Sets the command's fields from what was typed. Throws std::runtime_error
/// naming the option whose value does not fit.
void assign(const Command&, const Arguments&);

/// The text of `digitorch COMMAND --help`.
std::string help(const Command&);

/// The field of that name in any of the groups; null where there is none.
const Field* find_field(
    const std::vector<OptionGroup>&, const std::string& name
);

}  // namespace digitorch
