#include "app/cli/command.h"

#include <algorithm>
#include <cxxopts.hpp>
#include <stdexcept>

#include "models/options/nearest.h"

namespace digitorch {
namespace {

const std::vector<std::string> kHelpSwitches = {"help", "help-all"};

/// The help that lists every option of the command.
std::string see_help(const Command& command) {
  return "see 'digitorch " + command.name +
         (command.common.empty() ? " --help'" : " --help-all'");
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names = kHelpSwitches;
  for (const OptionGroup& group : command.groups)
    for (const Field& option : group.fields) {
      names.push_back(option.name);
      if (option.is_switch) names.push_back("no-" + option.name);
    }
  return names;
}

[[noreturn]] void refuse_unknown(
    const Command& command, const std::string& word, const std::string& name
) {
  std::string meant = did_you_mean(name, option_names(command), "--");
  throw std::runtime_error(
      command.name + ": unknown option '" + word + "'" +
      (meant.empty() ? "; " + see_help(command) : meant)
  );
}

[[noreturn]] void refuse_missing(const Field& option) {
  throw std::runtime_error(
      "--" + option.name + " needs a value: " +
      (option.expected == "a text" ? option.value_name : option.expected)
  );
}

cxxopts::Options description(const Command& command) {
  cxxopts::Options options("digitorch " + command.name);
  auto add = options.add_options();
  const auto add_switch = [&](const std::string& name) {
    add(name, "", cxxopts::value<std::string>()->implicit_value("true"));
  };
  for (const OptionGroup& group : command.groups)
    for (const Field& option : group.fields)
      if (option.is_switch) {
        add_switch(option.name);
        add_switch("no-" + option.name);
      } else {
        add(option.name, "", cxxopts::value<std::string>());
      }
  add_switch("h,help");
  add_switch("help-all");
  return options;
}

/// The word that a message of cxxopts quotes.
std::string quoted(const std::string& message) {
  const std::size_t begin = message.find(cxxopts::LQUOTE);
  const std::size_t end = message.rfind(cxxopts::RQUOTE);
  const std::size_t first = begin + cxxopts::LQUOTE.size();
  return message.substr(first, end - first);
}

/// The word that begins with one dash and holds the letter.
std::string word_with(char letter, const std::vector<std::string>& words) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const std::string& word) {
        return word.starts_with('-') && !word.starts_with("--") &&
               word.find(letter) != std::string::npos;
      });
  return found == words.end() ? std::string{'-', letter} : *found;
}

/// Runs cxxopts, and says what it refuses with what to do.
cxxopts::ParseResult parse_words(
    const Command& command, const std::vector<std::string>& words
) {
  std::vector<const char*> argv = {"digitorch"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  try {
    return description(command).parse(
        static_cast<int>(argv.size()), argv.data()
    );
  } catch (const cxxopts::exceptions::no_such_option& error) {
    const std::string name = quoted(error.what());
    if (name.size() > 1) refuse_unknown(command, "--" + name, name);
    const std::string word = word_with(name.front(), words);
    refuse_unknown(command, word, word);
  } catch (const cxxopts::exceptions::invalid_option_syntax& error) {
    const std::string word = quoted(error.what());
    const std::string name = word.substr(0, word.find('='));
    if (!name.starts_with("--")) refuse_unknown(command, word, name);
    refuse_unknown(command, name, name.substr(2));
  } catch (const cxxopts::exceptions::missing_argument& error) {
    refuse_missing(*find_field(command.groups, quoted(error.what())));
  }
}

/// Throws std::runtime_error where cxxopts took the next option for the value
/// of this one, or where a word that only turns something on or off has one.
void check_value(
    const Command& command,
    const cxxopts::KeyValue& given,
    const std::vector<std::string>& words
) {
  const std::string typed = "--" + given.key();
  const Field* option = find_field(command.groups, given.key());
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (option == nullptr && words[i].starts_with(typed + "="))
      throw std::runtime_error(
          typed + " takes no value; found '" + words[i] + "'"
      );
    if (option != nullptr && !option->is_switch && words[i] == typed &&
        i + 1 < words.size() && words[i + 1].starts_with("--"))
      refuse_missing(*option);
  }
}

/// The option that was typed: a switch that "no-NAME" turns off has its own
/// name.
GivenOption as_given(const Command& command, const cxxopts::KeyValue& typed) {
  const std::string& key = typed.key();
  const std::string where = "--" + key;
  const bool is_off =
      find_field(command.groups, key) == nullptr && key.starts_with("no-");
  return is_off ? GivenOption{key.substr(3), "false", where}
                : GivenOption{key, typed.value(), where};
}

}  // namespace

std::string last_text(
    const std::vector<GivenOption>& given,
    const std::string& name,
    std::string otherwise
) {
  for (const GivenOption& option : given)
    if (option.name == name) otherwise = option.text;
  return otherwise;
}

bool Arguments::has(const std::string& name) const {
  return std::any_of(
      options.begin(),
      options.end(),
      [&](const GivenOption& option) { return option.name == name; }
  );
}

const Command& command_named(
    const std::vector<Command>& commands, const std::string& name
) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  const bool is_option = name.starts_with('-');
  const std::vector<std::string> options = {"-h", "--help", "-V", "--version"};
  const std::string meant = did_you_mean(name, is_option ? options : names);
  throw std::runtime_error(
      (is_option ? "unknown option '" : "unknown command '") + name + "'" +
      meant +
      (is_option       ? "; see 'digitorch help'"
       : meant.empty() ? "; commands: " + join(names)
                       : " Commands: " + join(names))
  );
}

Arguments parse(const Command& command, const std::vector<std::string>& words) {
  const cxxopts::ParseResult typed = parse_words(command, words);
  Arguments given{.options = {}, .paths = typed.unmatched()};
  for (const cxxopts::KeyValue& each : typed.arguments()) {
    check_value(command, each, words);
    GivenOption option = as_given(command, each);
    std::erase_if(given.options, [&](const GivenOption& earlier) {
      return earlier.name == option.name;
    });
    given.options.push_back(std::move(option));
  }
  if (command.paths.empty() && !given.paths.empty()) {
    const std::string& word = given.paths.front();
    throw std::runtime_error(
        command.name + " takes options only; found '" + word + "'" +
        (word == "true" || word == "false"
             ? "; write a switch as --NAME or --no-NAME"
             : "; " + see_help(command))
    );
  }
  return given;
}

int run(const Command& command, const Arguments& typed) {
  Arguments handed_on{.options = {}, .paths = typed.paths};
  for (const OptionGroup& group : command.groups)
    if (!group.as_text) assign_known(group.fields, typed.options);
  for (const GivenOption& option : typed.options)
    for (const OptionGroup& group : command.groups)
      if (group.as_text && find_field({group}, option.name) != nullptr)
        handed_on.options.push_back(option);
  return command.run(handed_on);
}

OptionGroup described(OptionGroup group) {
  group.as_text = true;
  for (Field& option : group.fields) {
    option.get = [value = option.get()] { return value; };
    option.set = nullptr;
  }
  return group;
}

const Field* find_field(
    const std::vector<OptionGroup>& groups, const std::string& name
) {
  for (const OptionGroup& group : groups)
    for (const Field& option : group.fields)
      if (option.name == name) return &option;
  return nullptr;
}

void assign_known(
    const std::vector<Field>& fields, const std::vector<GivenOption>& options
) {
  for (const GivenOption& option : options)
    for (const Field& each : fields)
      if (each.name == option.name) assign(each, option.text, option.where);
}

}  // namespace digitorch
