#include "app/training/run_result.h"

#include <limits>

#include "app/training/options.h"

namespace digitorch {

void check_run_result(const JsonReader& result) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr RealRange kAmount{0, kLargest};
  result.check_keys(
      {"best_epoch",
       "checkpoint",
       "epochs",
       "exchange_seconds",
       "load_seconds",
       "processes",
       "run_dir",
       "samples_per_second",
       "test_accuracy",
       "test_loss",
       "train_seconds",
       "validation_accuracy"}
  );
  for (const char* key : {"epochs", "best_epoch"})
    result.at(key).whole({0, kMaxEpochs});
  for (const char* key : {"train_seconds", "samples_per_second"})
    result.at(key).real(kAmount);
  for (const char* key : {"validation_accuracy", "test_accuracy"})
    if (const JsonReader value = result.at(key); !value.is_null())
      value.real({0, 1});
  if (const auto loss = result.find("test_loss"); loss && !loss->is_null())
    loss->real(kAmount);
  for (const char* key : {"load_seconds", "exchange_seconds"})
    if (const auto seconds = result.find(key)) seconds->real(kAmount);
  if (const auto processes = result.find("processes"))
    processes->whole({1, std::numeric_limits<int>::max()});
  for (const char* key : {"checkpoint", "run_dir"}) result.at(key).text();
}

}  // namespace digitorch
