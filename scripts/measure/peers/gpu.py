"""gpu.py MNIST_FOLDER [--compile]: the one-epoch recipe in Python on this GPU, as published (eager) and with the whole
step in a CUDA graph; --compile adds torch.compile (minutes). Prints train seconds (epochs only, data on the card) and
test accuracy: median and mean over seeds; then inference at batches of 1,000, eager and as a graph."""
import gzip, math, os, statistics, sys, time
import numpy as np, torch
from torch import nn
from torch.nn import functional as F

folder, dev = sys.argv[1], 'cuda'
torch.backends.cudnn.benchmark = True

def read(name, offset):
    path = f'{folder}/{name}'
    data = open(path, 'rb').read() if os.path.exists(path) else gzip.open(path + '.gz').read()
    return torch.from_numpy(np.frombuffer(data, np.uint8, offset=offset).copy())

def part(kind):
    x = read(f'{kind}-images-idx3-ubyte', 16).view(-1, 1, 28, 28).float().div(255).sub(0.1307).div(0.3081)
    return x.to(dev), read(f'{kind}-labels-idx1-ubyte', 8).long().to(dev)

(x, y), (xt, yt) = part('train'), part('t10k')

def network():
    return nn.Sequential(nn.Conv2d(1, 24, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(24, 32, 3), nn.MaxPool2d(2), nn.ReLU(),
                         nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10)).to(dev)

def one_cycle(n, top, up=0.3):
    wave = lambda a, b, p: b + (a - b) / 2 * (1 + math.cos(math.pi * p))
    turn = up * n - 1
    return torch.tensor([wave(top / 25, top, i / turn) if i <= turn else wave(top, top / 25e4, (i - turn) / (n - 1 - turn)) for i in range(n)], device=dev)

def train(seed, graph, compiled, bf16, tf32, batch=256):
    torch.manual_seed(seed); torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = bool(tf32)
    model, steps = network(), 60000 // batch
    rate = torch.zeros((), device=dev)
    opt = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.7, 0.9), fused=True, capturable=True)
    rates, order = one_cycle(steps, 1e-2), torch.randperm(60000, device=dev)[:steps * batch].view(steps, batch)
    at = torch.zeros(1, dtype=torch.long, device=dev)
    def loss_of(a, b):
        with torch.autocast('cuda', torch.bfloat16, enabled=bool(bf16)): return F.cross_entropy(model(a).float(), b)
    if compiled: loss_of = torch.compile(loss_of, mode='max-autotune-no-cudagraphs')
    def step():
        chosen = order.index_select(0, at % steps).view(-1)
        for p in model.parameters(): p.grad = None
        loss_of(x.index_select(0, chosen), y.index_select(0, chosen)).backward()
        rate.copy_(rates.index_select(0, at % steps).squeeze()); opt.step(); at.add_(1)
    start = [p.detach().clone() for p in model.parameters()]
    side = torch.cuda.Stream(); side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3): step()
    torch.cuda.current_stream().wait_stream(side)
    run = step
    if graph:
        g = torch.cuda.CUDAGraph()
        with torch.cuda.graph(g): step()
        run = g.replay
    with torch.no_grad():
        for p, s in zip(model.parameters(), start): p.copy_(s)
        for state in opt.state.values():
            for v in state.values(): v.zero_()
        at.zero_()
    torch.cuda.synchronize(); begin = time.perf_counter()
    for _ in range(steps): run()
    torch.cuda.synchronize(); seconds = time.perf_counter() - begin
    with torch.no_grad(): return seconds, (model(xt).argmax(1) == yt).float().mean().item()

kinds = [('eager', (0, 0, 0, 0), 4), ('graph', (1, 0, 0, 0), 10), ('graph tf32', (1, 0, 0, 1), 6), ('graph bf16', (1, 0, 1, 1), 6)]
if '--compile' in sys.argv: kinds += [('compiled graph tf32', (1, 1, 0, 1), 4), ('compiled graph bf16', (1, 1, 1, 1), 4)]
for name, (graph, compiled, bf16, tf32), count in kinds:
    runs = [train(seed, graph, compiled, bf16, tf32) for seed in range(count)]
    print(f'{name:20} train {statistics.median(r[0] for r in runs):.4f} s (least {min(r[0] for r in runs):.4f})  accuracy {statistics.mean(r[1] for r in runs):.4f}', flush=True)

def inference(graph, bf16, tf32, batch=1000, rounds=200):
    """Seconds a batch of gather, convert, forward and the count of answers, known to the host after each."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = bool(tf32)
    model = network().eval()
    if bf16: model = model.to(memory_format=torch.channels_last)
    pixels = torch.randint(0, 256, (10000, 1, 28, 28), dtype=torch.uint8, device=dev)
    order, at = torch.randperm(10000, device=dev), torch.arange(batch, device=dev)
    answers = torch.zeros((), dtype=torch.long, device=dev)
    def step():
        at.remainder_(10000)
        images = (pixels.index_select(0, order.index_select(0, at)).float().div_(255) - 0.1307) / 0.3081
        if bf16: images = images.contiguous(memory_format=torch.channels_last)
        at.add_(batch)
        with torch.autocast('cuda', torch.bfloat16, enabled=bool(bf16)): answers.copy_(model(images).argmax(1).sum())
    with torch.inference_mode():
        side = torch.cuda.Stream(); side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(5): step()
        torch.cuda.current_stream().wait_stream(side)
        run = step
        if graph:
            g = torch.cuda.CUDAGraph()
            with torch.cuda.graph(g): step()
            run = g.replay
        seconds = []
        for _ in range(rounds):
            begin = time.perf_counter(); run(); answers.item(); seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), min(seconds)

for name, setting in [('eager', (0, 0, 0)), ('eager bf16', (0, 1, 1)), ('graph', (1, 0, 0)), ('graph tf32', (1, 0, 1)), ('graph bf16', (1, 1, 1))]:
    median, least = inference(*setting)
    print(f'inference {name:12} batch 1000 median {1e3 * median:.4f} ms (least {1e3 * least:.4f} ms) {1000 / median:.0f} images/s', flush=True)
