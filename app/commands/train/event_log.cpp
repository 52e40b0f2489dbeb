#include "app/commands/train/event_log.h"

#include <cmath>
#include <string>

#include "app/evaluation/accuracy.h"
#include "app/evaluation/confusion.h"
#include "app/report/drawing/png.h"
#include "app/report/pictures/confusion.h"
#include "app/report/pictures/network_pictures.h"

namespace digitorch {
namespace {

constexpr double kScale = 2;  // pixels for each unit of a drawing

int64_t last_step(const Trainer& trainer) {
  return trainer.steps().empty() ? 0 : trainer.steps().back().step;
}

void add_drawing(
    EventFile& file, const char* tag, int64_t step, const Drawing& drawing
) {
  const auto pixels = [](double side) {
    return static_cast<int64_t>(std::ceil(side * kScale));
  };
  file.image(
      tag,
      step,
      to_png(drawing, kScale),
      pixels(drawing.size.width),
      pixels(drawing.size.height)
  );
}

}  // namespace

EventLog::EventLog(
    const std::filesystem::path& run_folder, const Trainer& trainer
)
    : last_step_(last_step(trainer)), file_(run_folder, last_step_ + 1) {}

void EventLog::record_steps(const Trainer& trainer) {
  for (const StepRecord& each : trainer.steps()) {
    if (each.step <= last_step_) continue;
    file_.scalar("loss/step", each.step, each.loss);
    file_.scalar("accuracy/step", each.step, each.accuracy);
    last_step_ = each.step;
  }
}

void EventLog::epoch_done(const Trainer& trainer) {
  record_steps(trainer);
  const EpochReport& epoch = trainer.history().back();
  file_.scalar("loss/train", last_step_, epoch.train_loss);
  file_.scalar("accuracy/train", last_step_, epoch.train_accuracy);
  if (epoch.validation_accuracy) {
    file_.scalar("loss/validation", last_step_, *epoch.validation_loss);
    file_.scalar("accuracy/validation", last_step_, *epoch.validation_accuracy);
  }
  file_.scalar("learning_rate", last_step_, epoch.lr);
  if (epoch.seconds > 0)
    file_.scalar(
        "images_per_second",
        last_step_,
        static_cast<double>(epoch.samples) / epoch.seconds
    );
  file_.flush();
}

void EventLog::stopped(const Trainer& trainer) {
  record_steps(trainer);
  file_.flush();
}

void EventLog::tested(const Evaluation& evaluation, const ImageSet& test) {
  file_.scalar("test/accuracy", last_step_, accuracy(evaluation));
  add_drawing(
      file_,
      "test/confusion",
      last_step_,
      draw_confusion(confusion(evaluation), test.class_names)
  );
  add_drawing(
      file_, "test/mistakes", last_step_, picture_of_mistakes(evaluation, test)
  );
  file_.flush();
}

}  // namespace digitorch
