#include "app/cli/command.h"

#include <algorithm>
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

/// The switch that "no-NAME" turns off; null for other names.
const Field* turned_off(const Command& command, const std::string& name) {
  if (!name.starts_with("no-")) return nullptr;
  const Field* option = find_field(command.groups, name.substr(3));
  return option != nullptr && option->is_switch ? option : nullptr;
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

/// Reads the words one after the other.
class Reader {
 public:
  Reader(const Command& command, const std::vector<std::string>& words)
      : command_(command), words_(words) {}

  Arguments read() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (word == "--") {
        for (; at_ < words_.size(); ++at_) given_.paths.push_back(words_[at_]);
      } else if (word == "-h") {
        set("help", "true", word);
      } else if (word.size() > 1 && word.front() == '-') {
        read_option(word);
      } else {
        given_.paths.push_back(word);
      }
    }
    return std::move(given_);
  }

 private:
  void set(
      const std::string& name, const std::string& text, const std::string& where
  ) {
    std::erase_if(given_.options, [&](const GivenOption& option) {
      return option.name == name;
    });
    given_.options.push_back({name, text, where});
  }

  void read_option(const std::string& word) {
    const size_t equals = std::min(word.find('='), word.size());
    const std::string where = word.substr(0, equals);
    if (!where.starts_with("--")) refuse_unknown(command_, word, where);
    const std::string name = where.substr(2);
    const bool has_value = equals < word.size();
    const std::string value = has_value ? word.substr(equals + 1) : "true";
    if (const Field* option = find_field(command_.groups, name)) {
      const bool in_next = !has_value && !option->is_switch;
      set(name, in_next ? next_value(*option) : value, where);
      return;
    }
    const Field* off = turned_off(command_, name);
    const bool is_help =
        std::find(kHelpSwitches.begin(), kHelpSwitches.end(), name) !=
        kHelpSwitches.end();
    if (off == nullptr && !is_help) refuse_unknown(command_, where, name);
    if (has_value)
      throw std::runtime_error(where + " takes no value; found '" + word + "'");
    if (off != nullptr)
      set(off->name, "false", where);
    else
      set(name, "true", where);
  }

  std::string next_value(const Field& option) {
    if (at_ == words_.size() || words_[at_].starts_with("--"))
      refuse_missing(option);
    return words_[at_++];
  }

  const Command& command_;
  const std::vector<std::string>& words_;
  size_t at_ = 0;
  Arguments given_;
};

}  // namespace

bool Arguments::has(const std::string& name) const {
  return std::any_of(
      options.begin(),
      options.end(),
      [&](const GivenOption& option) { return option.name == name; }
  );
}

Arguments parse(const Command& command, const std::vector<std::string>& words) {
  Arguments given = Reader(command, words).read();
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
