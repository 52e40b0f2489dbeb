#include "app/cli/completion.h"

#include <algorithm>

namespace digitorch {
namespace {

/// What completion offers as a value.
struct Values {
  std::vector<std::string> words;
  bool files = false;
  bool folders = false;
};

Values values_of(const Field& option) {
  const auto takes = [&](const char* name) {
    return option.value_name.find(name) != std::string::npos;
  };
  return {
      option.choices.empty() ? option.suggestions : option.choices,
      takes("FILE"),
      takes("FOLDER")};
}

Values paths_of(const Command& command) {
  const bool any = !command.paths.empty() && command.path_suggestions.empty();
  return {command.path_suggestions, any, any};
}

std::vector<Field> options_of(const Command& command) {
  std::vector<Field> all;
  for (const OptionGroup& group : command.groups)
    all.insert(all.end(), group.fields.begin(), group.fields.end());
  return all;
}

std::string names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  return join(names, " ");
}

/// The first sentence, which shells show on one line.
std::string brief(const std::string& help) {
  return help.substr(0, help.find(". "));
}

std::string replaced(
    std::string text, const std::string& what, const std::string& by
) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos;
       at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

/// The text in single quotes for bash and zsh.
std::string quoted(const std::string& text) {
  return "'" + replaced(text, "'", "'\\''") + "'";
}

// ---- bash, which shows no descriptions

std::string bash_values(const Values& values) {
  std::string text;
  if (!values.words.empty())
    text += " words=" + quoted(join(values.words, " "));
  if (values.files)
    text += " paths=-f";
  else if (values.folders)
    text += " paths=-d";
  return text;
}

/// The cases of the script that set what may follow an option and what may
/// stand in the place of a path.
std::string bash_cases(const Command& command) {
  std::string text;
  for (const Field& option : options_of(command)) {
    if (option.is_switch) continue;
    const std::string values = bash_values(values_of(option));
    text += "    " + command.name + ":--" + option.name + ")" +
            (values.empty() ? " :" : values) + " ;;\n";
  }
  const std::string paths = bash_values(paths_of(command));
  if (!paths.empty()) text += "    " + command.name + ":*)" + paths + " ;;\n";
  return text;
}

std::string bash_options(const Command& command) {
  std::vector<std::string> names;
  for (const Field& option : options_of(command)) {
    names.push_back("--" + option.name);
    if (option.is_switch) names.push_back("--no-" + option.name);
  }
  names.insert(names.end(), {"--help", "--help-all"});
  return "      " + command.name + ") words=" + quoted(join(names, " ")) +
         " ;;\n";
}

std::string bash_script(const std::vector<Command>& commands) {
  std::string cases;
  std::string options;
  for (const Command& command : commands) {
    cases += bash_cases(command);
    options += bash_options(command);
  }
  // The shell hands over --name=value as three words.
  return R"(# bash completion for digitorch:
#   source <(digitorch completion bash)
_digitorch() {
  local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}
  local words= paths= each
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ')" +
         names_of(commands) + R"( --help --version' -- "$word"))
    return
  fi
  if [ "$word" = = ]; then
    word=
  elif [ "$option" = = ]; then
    option=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case ${COMP_WORDS[1]}:$option in
)" + cases +
         R"(  esac
  if [[ $word == -* ]]; then
    paths=
    case ${COMP_WORDS[1]} in
)" + options +
         R"(    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [ -n "$paths" ] || return 0
  compopt -o filenames 2>/dev/null
  while IFS= read -r each; do
    COMPREPLY+=("$each")
  done < <(compgen "$paths" -- "$word")
}
complete -F _digitorch digitorch
)";
}

// ---- zsh

/// Text in the brackets of a specification of _arguments.
std::string in_brackets(const std::string& text) {
  std::string escaped = replaced(text, "\\", "\\\\");
  escaped = replaced(escaped, "[", "\\[");
  return replaced(escaped, "]", "\\]");
}

/// The action of _arguments that offers the values.
std::string zsh_action(const Values& values) {
  const std::string words = join(values.words, " ");
  const std::string paths = values.files     ? "_files"
                            : values.folders ? "_files -/"
                                             : "";
  if (words.empty()) return paths.empty() ? " " : paths;
  if (paths.empty()) return "(" + words + ")";
  return "{ compadd " + words + "; " + paths + " }";
}

std::string zsh_arguments(const Command& command) {
  std::string text = "    " + command.name + ")\n      _arguments";
  const auto add = [&](const std::string& specification) {
    text += " \\\n        " + quoted(specification);
  };
  for (const Field& option : options_of(command)) {
    const std::string about = "[" + in_brackets(brief(option.help)) + "]";
    if (!option.is_switch) {
      add("--" + option.name + "=" + about + ":" + option.value_name + ":" +
          zsh_action(values_of(option)));
      continue;
    }
    add("--" + option.name + about);
    add("--no-" + option.name + "[Switch off --" + option.name + "]");
  }
  add("--help[Show the help]");
  add("--help-all[Show all options]");
  if (!command.paths.empty()) add("*:path:" + zsh_action(paths_of(command)));
  return text + " ;;\n";
}

std::string zsh_script(const std::vector<Command>& commands) {
  std::string names;
  std::string cases;
  for (const Command& command : commands) {
    names += "    " + quoted(command.name + ":" + command.summary) + "\n";
    cases += zsh_arguments(command);
  }
  return R"(#compdef digitorch
# zsh completion for digitorch, after compinit:
#   source <(digitorch completion zsh)
# or as a file _digitorch in a folder of $fpath.
_digitorch() {
  local -a commands
  commands=(
)" + names +
         R"(  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
)" + cases +
         R"(  esac
}
if [ "$funcstack[1]" = _digitorch ]; then
  _digitorch "$@"
else
  compdef _digitorch digitorch
fi
)";
}

// ---- fish

std::string fish_quoted(const std::string& text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

/// The part of a `complete` that offers the values.
std::string fish_values(const Values& values) {
  std::string words = join(values.words, " ");
  if (!values.files && values.folders)
    words += (words.empty() ? "" : " ") +
             std::string("(__fish_complete_directories)");
  return (values.files ? " -r -F" : " -x") +
         (words.empty() ? "" : " -a " + fish_quoted(words));
}

std::string fish_lines(const Command& command) {
  const std::string start =
      "complete -c digitorch -n '__digitorch_command " + command.name + "'";
  std::string text;
  for (const Field& option : options_of(command)) {
    const std::string about = " -d " + fish_quoted(brief(option.help)) + "\n";
    text += start + " -l " + option.name +
            (option.is_switch ? "" : fish_values(values_of(option))) + about;
    if (option.is_switch)
      text += start + " -l no-" + option.name + " -d " +
              fish_quoted("Switch off --" + option.name) + "\n";
  }
  text += start + " -s h -l help -d 'Show the help'\n" + start +
          " -l help-all -d 'Show all options'\n";
  const Values paths = paths_of(command);
  if (paths.files)
    text += start + " -F\n";
  else if (!paths.words.empty())
    text += start + " -a " + fish_quoted(join(paths.words, " ")) + "\n";
  return text;
}

std::string fish_script(const std::vector<Command>& commands) {
  std::string text = R"(# fish completion for digitorch:
#   digitorch completion fish | source
function __digitorch_command
  set -l words (commandline -opc)
  test (count $words) -gt 1; and test "$words[2]" = "$argv[1]"
end
function __digitorch_no_command
  test (count (commandline -opc)) -eq 1
end
complete -c digitorch -f
)";
  for (const Command& command : commands)
    text += "complete -c digitorch -n __digitorch_no_command -a " +
            command.name + " -d " + fish_quoted(command.summary) + "\n";
  for (const Command& command : commands) text += fish_lines(command);
  return text;
}

}  // namespace

const std::vector<Shell>& shells() {
  static const std::vector<Shell> table = {
      {"bash", "source <(digitorch completion bash)", bash_script},
      {"zsh", "source <(digitorch completion zsh)", zsh_script},
      {"fish", "digitorch completion fish | source", fish_script}};
  return table;
}

}  // namespace digitorch
