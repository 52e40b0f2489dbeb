#include "app/commands/train/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/option_groups.h"

namespace digitorch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRedrawEvery = std::chrono::milliseconds(100);
constexpr const char* kClearLine = "\r\x1b[K";

constexpr std::size_t kLongestBar = 26;  // with its brackets
constexpr std::size_t kShortestBar = 12;

/// A piece of a line, with the blanks before it.
struct Piece {
  std::string text;
  /// Of two pieces that do not fit both, that with the higher number goes.
  int rank = 0;
};

std::size_t length(const std::vector<Piece>& pieces) {
  std::size_t sum = 0;
  for (const Piece& piece : pieces) sum += piece.text.size();
  return sum;
}

/// Drops pieces, the least needed first, until the others fit; the first piece
/// stays.
void fit(std::vector<Piece>& pieces, std::size_t room) {
  while (pieces.size() > 1 && length(pieces) > room)
    pieces.erase(std::max_element(
        pieces.begin() + 1,
        pieces.end(),
        [](const Piece& a, const Piece& b) { return a.rank < b.rank; }
    ));
}

std::string joined(const std::vector<Piece>& pieces) {
  std::string text;
  for (const Piece& piece : pieces) text += piece.text;
  return text;
}

/// " [###...]" of `width` columns without the blank.
std::string bar(int64_t done, int64_t all, std::size_t width) {
  const std::size_t inside = width - 2;
  const auto full =
      static_cast<std::size_t>(static_cast<int64_t>(inside) * done / all);
  return " [" + std::string(full, '#') + std::string(inside - full, '.') + "]";
}

std::string minutes(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string epoch_line(
    const EpochReport& row,
    int64_t epochs,
    bool best,
    bool mixes,
    std::size_t room
) {
  std::vector<Piece> pieces = {
      {fmt::format(
          "epoch {:{}}/{}", row.epoch, std::to_string(epochs).size(), epochs
      )},
      {fmt::format("  loss {:.4f}", row.train_loss), 2},
      {(mixes ? "  accuracy on mixtures " : "  accuracy ") +
           percent(row.train_accuracy),
       3}};
  if (row.validation_accuracy)
    pieces.push_back(
        {fmt::format(
             "  validation {}{}",
             percent(*row.validation_accuracy),
             best ? " *" : "  "
         ),
         1}
    );
  pieces.push_back(
      {fmt::format(
           "  {:.0f} img/s", static_cast<double>(row.samples) / row.seconds
       ),
       5}
  );
  pieces.push_back({fmt::format("  {:.1f} s", row.seconds), 4});
  fit(pieces, room);
  return joined(pieces);
}

/// The line that is drawn anew while an epoch goes on.
std::string step_line(const StepReport& report, std::size_t room) {
  // Assumes that the remaining batches take as long as those of this epoch.
  const double steps_left = static_cast<double>(
      report.steps - report.step + (report.epochs - report.epoch) * report.steps
  );
  const double seconds_left = steps_left *
                              static_cast<double>(report.samples_per_step) /
                              report.samples_per_second;
  std::vector<Piece> pieces = {
      {fmt::format("epoch {}/{}", report.epoch, report.epochs)},
      {std::string(kShortestBar + 1, ' '), 3},
      {fmt::format(" {}/{}", report.step, report.steps), 6},
      {fmt::format("  {:.0f} img/s", report.samples_per_second), 5},
      {"  ETA " + minutes(seconds_left), 1}};
  if (report.loss)
    pieces.push_back({fmt::format("  loss {:.4f}", *report.loss), 4});
  if (report.validation_accuracy)
    pieces.push_back({"  validation " + percent(*report.validation_accuracy), 2}
    );
  fit(pieces, room);
  if (pieces.size() > 1 && pieces[1].rank == 3) {
    const std::size_t longer =
        std::min(room - length(pieces), kLongestBar - kShortestBar);
    pieces[1].text = bar(report.step, report.steps, kShortestBar + longer);
  }
  return joined(pieces);
}

}  // namespace

Progress::Progress(
    const Options& options,
    std::function<void(const Trainer&)> save,
    std::function<bool()> stop
)
    : options_(options), save_(std::move(save)), stop_(std::move(stop)) {}

void Progress::step_done(const StepReport& report) {
  epochs_ = report.epochs;
  const auto now = Clock::now();
  if (options_.quiet || !options_.terminal || now - drawn_ < kRedrawEvery)
    return;
  drawn_ = now;
  std::cerr << kClearLine << step_line(report, room()) << std::flush;
}

std::size_t Progress::room() const {
  const std::optional<std::size_t> columns = options_.columns();
  // A cursor in the last column may wrap onto the next line.
  return columns ? std::max<std::size_t>(*columns, 1) - 1
                 : std::numeric_limits<std::size_t>::max();
}

void Progress::note(const std::string& text) {
  if (options_.quiet) return;
  if (options_.terminal) std::cerr << kClearLine;
  print_notes({text});
}

void Progress::epoch_done(const Trainer& trainer) {
  save_(trainer);
  if (options_.quiet) return;
  if (options_.terminal) std::cerr << kClearLine;
  std::cerr << epoch_line(
                   trainer.history().back(),
                   epochs_,
                   trainer.improved(),
                   options_.mixes,
                   room()
               )
            << std::endl;
}

}  // namespace digitorch
