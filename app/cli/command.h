// A subcommand as a value. Its help, its shell completion and the parsing of
// its command line are all made from the same fields.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

/// An option as text.
struct GivenOption {
  std::string name;   ///< Without dashes: "lr".
  std::string text;   ///< Its value: "0.1".
  std::string where;  ///< Where it was given, for messages: "--lr".
};

/// The text of the option of that name, as it was given last; `otherwise` where
/// it was not given.
std::string last_text(
    const std::vector<GivenOption>&,
    const std::string& name,
    std::string otherwise
);

struct OptionGroup {
  std::string title;
  std::vector<Field> fields;
  /// Whether the command gets these options as text, in Arguments::options,
  /// rather than having its fields set: it lays them over other sources, such
  /// as a preset or the configuration of an earlier run.
  bool as_text = false;
};

/// What the user typed, in order. An option that was given several times is
/// there once, as it was given last.
struct Arguments {
  std::vector<GivenOption> options;
  std::vector<std::string> paths;

  bool has(const std::string& name) const;
};

/// A use of a command, for its help. A test runs each of them.
struct CommandExample {
  std::string words;    ///< What follows "digitorch": "train --epochs 3".
  std::string purpose;  ///< What it is good for, in a few words.
};

struct Command {
  std::string name;
  std::string summary;  ///< What it does: one line without its full stop.
  std::string paths;    ///< Such as "[PICTURE...]"; empty: takes none.
  /// What completion offers in the place of a path; empty: files.
  std::vector<std::string> path_suggestions = {};
  std::vector<CommandExample> examples = {};
  /// What else there is to know, for the end of the help. See paragraphs().
  std::string description = {};
  /// The names of the options that --help shows, while --help-all shows the
  /// rest; empty: --help shows all.
  std::vector<std::string> common = {};
  /// The fields of all but `as_text` groups refer to values that `run` keeps
  /// alive.
  std::vector<OptionGroup> groups;
  /// Called once the fields are set, with the options of the `as_text` groups.
  /// Returns the exit code.
  std::function<int(const Arguments&)> run;
};

/// The command of that name. Throws std::runtime_error where there is none,
/// with the one that was probably meant.
const Command& command_named(
    const std::vector<Command>&, const std::string& name
);

/// Reads the words after the command's name: "--name value", "--name=value", a
/// switch as "--name" or "--no-name", and paths, which alone may follow "--".
/// Every command has the switches help ("-h" as well) and help-all. Throws
/// std::runtime_error naming the option that is unknown or without its value,
/// and for paths where the command takes none.
Arguments parse(const Command&, const std::vector<std::string>& words);

/// Sets the fields of the command from what was typed, runs it and returns its
/// exit code. Throws std::runtime_error naming the option whose value does not
/// fit, and what the command throws.
int run(const Command&, const Arguments& typed);

/// The group as `as_text`: its fields keep names, help and present values, but
/// refer to no variables.
OptionGroup described(OptionGroup);

/// The field of that name in any of the groups; null where there is none.
const Field* find_field(
    const std::vector<OptionGroup>&, const std::string& name
);

/// Sets the fields that have the name of an option, and ignores other options.
/// Throws std::runtime_error naming the option whose value does not fit.
void assign_known(
    const std::vector<Field>&, const std::vector<GivenOption>& options
);

}  // namespace digitorch
