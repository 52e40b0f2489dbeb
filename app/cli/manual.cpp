#include "app/cli/manual.h"

#include <algorithm>
#include <cctype>

#include "app/cli/help.h"
#include "app/cli/paragraphs.h"

namespace digitorch {
namespace {

constexpr std::size_t kLineWidth = 78;

/// The text without what mdoc would read as its own: backslashes, and a point
/// or an apostrophe that begins a line.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '\\' ? "\\e" : std::string(1, c);
  return safe.starts_with('.') || safe.starts_with('\'') ? "\\&" + safe : safe;
}

/// The text with a new line for each sentence, as mdoc asks for, and none
/// longer than 78 bytes.
std::string sentences(const std::string& text) {
  std::string lines;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find(". ", start), text.size() - 1);
    const std::string sentence = text.substr(start, end + 1 - start);
    for (const std::string& line : wrapped(sentence, kLineWidth))
      lines += escaped(line) + "\n";
    start = end + 2;
  }
  return lines;
}

std::string lower_first(std::string text) {
  text.front() = static_cast<char>(std::tolower(text.front()));
  return text;
}

std::string upper(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string prologue(
    const std::string& name, const std::string& summary, const std::string& date
) {
  return ".Dd " + date + "\n.Dt " + upper(name) + " 1\n.Os\n.Sh NAME\n.Nm " +
         name + "\n.Nd " + escaped(lower_first(summary)) + "\n";
}

std::string tagged(const std::string& tag, const std::string& text) {
  return ".It " + tag + "\n" + sentences(text);
}

std::string option_tag(const Field& option) {
  if (option.is_switch)
    return "Fl Fl " + option.name + " , Fl Fl no-" + option.name;
  const std::string text = spelling(option);
  return "Fl Fl " + option.name + " Ar " +
         escaped(text.substr(text.find(' ') + 1));
}

/// Paragraphs, with lines that begin with two spaces as literal examples.
std::string prose(const std::string& text) {
  std::string lines;
  for (const std::string& line : split_text(text, '\n'))
    if (line.empty())
      lines += ".Pp\n";
    else if (line.starts_with("  "))
      lines +=
          ".Dl " + escaped(line.substr(line.find_first_not_of(' '))) + "\n";
    else
      lines += sentences(line);
  return lines;
}

std::string option_section(const Command& command) {
  std::string text;
  for (const OptionGroup& group : command.groups) {
    text += ".Ss " + escaped(group.title) + "\n.Bl -tag -width Ds\n";
    for (const Field& option : group.fields)
      text += tagged(option_tag(option), explanation(option) + ".");
    text += ".El\n";
  }
  return text;
}

}  // namespace

std::string manual_page(const Command& command, const std::string& date) {
  std::string text =
      prologue("digitorch-" + command.name, command.summary, date);
  text += ".Sh SYNOPSIS\n.Nm \"digitorch " + command.name + "\"\n";
  if (!command.groups.empty()) text += ".Op Ar OPTION ...\n";
  if (!command.paths.empty()) text += ".Ar " + escaped(command.paths) + "\n";
  text += ".Sh DESCRIPTION\n" + sentences(command.summary + ".");
  if (!command.description.empty())
    text += ".Pp\n" + prose(command.description);
  text += option_section(command);
  if (!command.examples.empty()) {
    text += ".Sh EXAMPLES\n.Bl -tag -width Ds\n";
    for (const CommandExample& example : command.examples)
      text += ".It Li \"digitorch " + escaped(example.words) + "\"\n" +
              sentences(example.purpose);
    text += ".El\n";
  }
  return text;
}

std::string manual_overview(
    const std::vector<Command>& commands, const std::string& date
) {
  std::string text = prologue(
      "digitorch",
      "train, examine and use networks that classify small grey pictures",
      date
  );
  text +=
      ".Sh SYNOPSIS\n.Nm digitorch\n.Ar COMMAND\n.Op Ar OPTION ...\n"
      ".Op Ar PATH ...\n.Sh DESCRIPTION\nThe commands, each with a manual "
      "page digitorch-COMMAND:\n.Bl -tag -width Ds\n";
  for (const Command& command : commands)
    text += tagged("Cm " + command.name, command.summary + ".");
  return text + ".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n" +
         tagged("0", "Success.") + tagged("1", "Internal error.") +
         tagged("2", "Bad input, argument or file.") +
         tagged(
             "3", "The environment: a device, the disk, a permission, a lock."
         ) +
         tagged("4", "Training diverged.") +
         tagged("5", "A result is below what an option asked for.") +
         tagged("129, 130, 143", "Stopped by a signal, with the run saved.") +
         ".El\n";
}

}  // namespace digitorch
