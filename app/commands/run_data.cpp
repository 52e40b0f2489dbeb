#include "app/commands/run_data.h"

#include <filesystem>

#include "app/commands/train/origin.h"
#include "app/commands/train/settings.h"
#include "app/training/run_folder.h"

namespace digitorch {

DataOptions data_of(const LoadedModel& model, const Arguments& typed) {
  DataOptions data;
  const std::vector<Field> all = fields(data);
  const bool of_run = !model.config.is_null() && model.name != kShippedName;
  if (of_run && !typed.has("data"))
    assign_known(
        all,
        options_of_config({model.config, model.name, "training_state.config"})
    );
  assign_known(all, typed.options);
  return data;
}

DataLocation location_of(const LoadedModel& model, const DataOptions& data) {
  const std::filesystem::path config =
      std::filesystem::path(model.name).parent_path() / "config.json";
  if (model.config.is_null() || !std::filesystem::exists(config))
    return location_from("", data);
  return location_from(origin_in(read_json(config)), data);
}

}  // namespace digitorch
