#include "app/training/distributed/joined_world.h"

#include <c10/util/Logging.h>

#include <algorithm>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "app/system/text.h"

namespace digitorch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;
using Gloo = c10d::ProcessGroupGloo;

/// How often a rank that waits for an exchange looks whether the others have
/// given up.
constexpr milliseconds kLookEvery{1000};

/// Gloo gives up later than finish(), which can tell a rank that hangs from one
/// that has ended.
constexpr seconds kGlooWaitsLonger{10};

/// Up to so many ranks send each other all they have. More of them pass sums on
/// in a ring, which sends less but waits for more messages: between processes
/// of one machine a message takes longer to be noticed than to be sent.
constexpr int kMostThatGather = 4;

std::string first_line_of(const c10::Error& error) {
  const std::string what = error.what_without_backtrace();
  return what.substr(0, what.find('\n'));
}

/// Faults become exceptions of ours, and c10d's own lines on standard error are
/// not needed, unless the user asks for them.
void silence_c10d() {
  if (!variable("TORCH_CPP_LOG_LEVEL"))
    FLAGS_caffe2_log_level = c10::GLOG_FATAL;
}

torch::Tensor flattened(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> flat;
  for (const torch::Tensor& each : tensors) flat.push_back(each.flatten());
  return torch::cat(flat);
}

std::shared_ptr<gloo::transport::Device> network_device(
    const std::string& master_address
) {
  if (const auto name = variable("GLOO_SOCKET_IFNAME"))
    return Gloo::createDeviceForInterface(*name);
  // The machine's name may stand for an address that is not the one of the
  // store; where the store is local, so is everything else.
  for (const char* local : {"127.0.0.1", "localhost", "::1"})
    if (master_address == local)
      return Gloo::createDeviceForHostname(master_address);
  return Gloo::createDefaultDevice();
}

/// Connects this rank with every other one.
c10::intrusive_ptr<Gloo> connect(const RankStore& store, seconds patience) {
  const RankEnvironment& place = store.place();
  const auto options = Gloo::Options::create(patience + kGlooWaitsLonger);
  try {
    options->devices.push_back(network_device(place.master_address));
    return c10::make_intrusive<Gloo>(
        store.of_this_start(), place.rank, place.size, options
    );
  } catch (const std::exception& error) {
    throw EnvironmentError(
        "rank " + std::to_string(place.rank) + " of " +
        std::to_string(place.size) +
        ": cannot reach the others over the network (" +
        escape_control(error.what()).substr(0, 200) +
        "); GLOO_SOCKET_IFNAME names the interface to use"
    );
  }
}

std::unique_ptr<RankStore> join(
    const RankEnvironment& place, seconds patience
) {
  try {
    return std::make_unique<RankStore>(place, patience);
  } catch (const c10::Error& error) {
    throw EnvironmentError(
        "rank " + std::to_string(place.rank) + " of " +
        std::to_string(place.size) + ": cannot join the others at " +
        address_of(place) + " within " + std::to_string(patience.count()) +
        " s (" + first_line_of(error) + ")"
    );
  }
}

}  // namespace

struct JoinedWorld::Group {
  seconds patience;
  std::unique_ptr<RankStore> store;
  c10::intrusive_ptr<Gloo> gloo;

  void finish(const c10::intrusive_ptr<c10d::Work>& work) const;
  torch::Tensor gathered_sum(const torch::Tensor& own) const;
};

/// Waits for an exchange, and throws LostRank where it fails, where it takes
/// longer than `patience`, and soon after another rank has given up.
void JoinedWorld::Group::finish(const c10::intrusive_ptr<c10d::Work>& work
) const {
  const Clock::time_point latest = Clock::now() + patience;
  while (true) {
    try {
      work->wait(std::min<milliseconds>(kLookEvery, patience));
      return;
    } catch (const std::exception&) {
      if (work->isCompleted()) {
        if (work->isSuccess()) return;
        throw LostRank("has ended");
      }
    }
    if (Clock::now() >= latest)
      throw LostRank(
          "did not answer for " + std::to_string(patience.count()) + " s"
      );
    if (store->alarm()) throw LostRank("has ended");
  }
}

/// The sum over all ranks of a vector, in the order of ranks, so that all have
/// the same bits.
torch::Tensor JoinedWorld::Group::gathered_sum(const torch::Tensor& own) const {
  std::vector<std::vector<torch::Tensor>> all(1);
  for (int rank = 0; rank < store->place().size; ++rank)
    all[0].push_back(torch::empty_like(own));
  std::vector<torch::Tensor> given = {own};
  finish(gloo->allgather(all, given));
  torch::Tensor total = all[0][0];
  for (size_t rank = 1; rank < all[0].size(); ++rank) total += all[0][rank];
  return total;
}

JoinedWorld::JoinedWorld(const RankEnvironment& place, seconds patience)
    : group_(std::make_unique<Group>()) {
  silence_c10d();
  group_->patience = patience;
  group_->store = join(place, patience);
  group_->gloo = connect(*group_->store, patience);
  // Until all are connected, none goes on: one that ended at once, since it
  // refuses its options, would look lost to one that still connects.
  group_->gathered_sum(torch::zeros({1}));
}

JoinedWorld::~JoinedWorld() = default;

int JoinedWorld::rank() const { return group_->store->place().rank; }

int JoinedWorld::size() const { return group_->store->place().size; }

RankStore& JoinedWorld::store() { return *group_->store; }

void JoinedWorld::sum(const std::vector<torch::Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  if (on_device_ && !tensors.front().is_cpu()) return on_device_->sum(tensors);
  std::vector<torch::Tensor> own;
  for (const torch::Tensor& each : tensors) own.push_back(each.detach());
  if (size() > kMostThatGather) {
    // Flattens, sums and copies back by itself.
    group_->finish(group_->gloo->allreduce_coalesced(own));
    return;
  }
  const torch::Tensor total = group_->gathered_sum(flattened(own));
  int64_t at = 0;
  for (const torch::Tensor& each : own) {
    each.copy_(total.narrow(0, at, each.numel()).view_as(each));
    at += each.numel();
  }
}

void JoinedWorld::copy_from_first(const std::vector<torch::Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  for (const torch::Tensor& each : tensors) {
    std::vector<torch::Tensor> on_host = {each.detach().cpu().contiguous()};
    group_->finish(group_->gloo->broadcast(on_host));
    if (!is_first()) each.detach().copy_(on_host.front());
  }
}

void JoinedWorld::use(torch::Device device) {
  on_device_ = make_device_sum(*this, device);
}

void JoinedWorld::keep_for_restart(const std::string& text) {
  store().keep(text);
}

std::optional<std::string> JoinedWorld::kept() { return store().kept(); }

}  // namespace digitorch
