// JSON in each of the forms that the program reads: the first byte chooses one.
#include <nlohmann/json.hpp>

#include "app/commands/sweep/plan.h"
#include "app/commands/train/settings.h"
#include "app/training/history.h"
#include "app/training/run_result.h"
#include "app/training/trainer_state.h"
#include "models/spec.h"
#include "models/text/json_text.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace digitorch;
  if (size == 0) return 0;
  read_or_refuse([&] {
    const nlohmann::json json =
        parse_strict(view_of(data + 1, size - 1), "file");
    dump_lenient(json);
    const JsonReader reader(json, "file");
    switch (data[0] % 6) {
      case 0:
        resolve({.configuration = options_of_config(reader)});
        break;
      case 1:
        check_run_result(reader);
        break;
      case 2:
        saved_state(reader, 100);
        break;
      case 3:
        check(spec_from_json(reader));
        break;
      case 4:
        sweep_plan(reader);
        break;
      default:
        epoch_reports(reader);
    }
  });
  return 0;
}
