#include "models/files/export_state_dict.h"

#include "models/files/safetensors.h"
#include "models/text/json_text.h"

namespace digitorch {

std::string export_state_dict(
    const Checkpoint& checkpoint, const std::string& checkpoint_sha256
) {
  return encode(SafeTensors{
      .tensors = checkpoint.weights,
      .metadata = {
          {"format", "pt"},  // what Python's libraries expect of torch tensors
          {"spec", dump_lenient(to_json(checkpoint.spec))},
          {"class_names", dump_lenient(checkpoint.class_names)},
          {"checkpoint_sha256", checkpoint_sha256}}});
}

torch::Tensor state_dict_logits(
    const std::string& bytes, const torch::Tensor& images
) {
  const torch::NoGradGuard no_grad;
  const std::string name = "state dict";
  const SafeTensors file = decode_safetensors(bytes, name);
  const nlohmann::json spec = parse_strict(file.metadata.at("spec"), name);
  const auto model = make_model(spec_from_json({spec, name}));
  load_state_dict(*model, file.tensors, name);
  model->to(images.device());
  model->train(false);
  return model->forward(images);
}

}  // namespace digitorch
