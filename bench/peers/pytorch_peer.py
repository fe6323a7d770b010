"""The same models in PyTorch, at their fastest on two cores: two processes of one thread, each with half of the work.
usage: pytorch_peer.py train|score|generate1|generate64 XS|S|M rounds [processes]      prints best and median tokens/s, and peak MB"""
import math, os, resource, sys, time
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

CONFIGURATIONS = {
    "XS": dict(d=128, L=4, h=4, ff=352, V=4096, T=256, B=16),
    "S": dict(d=256, L=6, h=8, ff=704, V=8192, T=256, B=16),
    "M": dict(d=512, L=8, h=8, ff=1408, V=16384, T=512, B=8),
}
MICRO_BATCH = 4


def shapes(c):
    d, ff, V = c["d"], c["ff"], c["V"]
    yield "embedding", (V, d)
    for l in range(c["L"]):
        yield from ((f"norm1.{l}", (d,)), (f"qkv.{l}", (3 * d, d)), (f"out.{l}", (d, d)))
        yield from ((f"norm2.{l}", (d,)), (f"gate_up.{l}", (2 * ff, d)), (f"down.{l}", (d, ff)))
    yield "norm", (d,)
    yield "head", (V, d)


class Model:
    def __init__(self, c, flat=None, gradients=None):
        self.c = c
        self.flat = initial(c) if flat is None else flat
        self.p, offset = {}, 0
        for name, shape in shapes(c):
            size = math.prod(shape)
            tensor = self.flat[offset:offset + size].view(shape).detach()
            if gradients is not None:
                tensor.requires_grad_(True)
                tensor.grad = gradients[offset:offset + size].view(shape)
            self.p[name] = tensor
            offset += size
        head, T = c["d"] // c["h"], c["T"]
        angles = torch.outer(torch.arange(T).float(), 10000.0 ** (-torch.arange(0, head, 2).float() / head))
        self.turn = torch.polar(torch.ones_like(angles), angles)[None, None]
        self.mask = torch.full((T, T), float("-inf")).triu(1)

    def normalise(self, x, weight):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * weight

    def rotate(self, x, first=0):
        pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2)) * self.turn[:, :, first:first + x.shape[-2]]
        return torch.view_as_real(pairs).flatten(-2)

    def hidden(self, tokens):
        p, c = self.p, self.c
        (B, T), d, h = tokens.shape, c["d"], c["h"]
        x = F.embedding(tokens, p["embedding"])
        for l in range(c["L"]):
            qkv = F.linear(self.normalise(x, p[f"norm1.{l}"]), p[f"qkv.{l}"])
            q, k, v = qkv.view(B, T, 3, h, d // h).permute(2, 0, 3, 1, 4).unbind(0)
            q, k = self.rotate(q).reshape(B * h, T, -1), self.rotate(k).reshape(B * h, T, -1)
            scores = torch.baddbmm(self.mask[:T, :T].expand(B * h, T, T), q, k.transpose(1, 2), alpha=1 / math.sqrt(d // h))
            mixed = torch.bmm(torch.softmax(scores, -1), v.reshape(B * h, T, -1)).view(B, h, T, -1).transpose(1, 2).reshape(B, T, d)
            x = x + F.linear(mixed, p[f"out.{l}"])
            gate, up = F.linear(self.normalise(x, p[f"norm2.{l}"]), p[f"gate_up.{l}"]).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, p[f"down.{l}"])
        return self.normalise(x, p["norm"])

    def loss(self, tokens, targets, weights):
        logits = F.linear(self.hidden(tokens), self.p["head"])
        losses = F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1), reduction="none")
        return (losses * weights.reshape(-1)).sum() / weights.sum()

    def generate(self, batch, length):
        p, c = self.p, self.c
        d, h, L, head = c["d"], c["h"], c["L"], c["d"] // c["h"]
        keys, values = torch.zeros(L, batch, h, length, head), torch.zeros(L, batch, h, length, head)
        tokens = torch.zeros(batch, dtype=torch.long)
        linear = lambda x, w: torch.mv(w, x[0])[None] if x.shape[0] == 1 else F.linear(x, w)
        for t in range(length):
            x = F.embedding(tokens, p["embedding"])
            for l in range(L):
                qkv = linear(self.normalise(x, p[f"norm1.{l}"]), p[f"qkv.{l}"]).view(batch, 3, h, head)
                qk = torch.view_as_real(torch.view_as_complex(qkv[:, :2].reshape(batch, 2, h, -1, 2)) * self.turn[0, 0, t]).flatten(-2)
                keys[l, :, :, t], values[l, :, :, t] = qk[:, 1], qkv[:, 2]
                scores = torch.matmul(keys[l, :, :, :t + 1], qk[:, 0].unsqueeze(-1)).squeeze(-1) / math.sqrt(head)
                mixed = torch.matmul(torch.softmax(scores, -1).unsqueeze(-2), values[l, :, :, :t + 1]).reshape(batch, d)
                x = x + linear(mixed, p[f"out.{l}"])
                gate, up = linear(self.normalise(x, p[f"norm2.{l}"]), p[f"gate_up.{l}"]).chunk(2, -1)
                x = x + linear(F.silu(gate) * up, p[f"down.{l}"])
            top = linear(self.normalise(x, p["norm"]), p["head"]).topk(50)
            tokens = top.indices.gather(1, torch.multinomial(torch.softmax(top.values, -1), 1)).squeeze(1)


def initial(c):
    generator, parts = torch.Generator().manual_seed(0), []
    for name, shape in shapes(c):
        scale = 0.02 if name in ("embedding", "head") else 1 / math.sqrt(shape[-1])
        parts.append(torch.ones(shape) if len(shape) == 1 else (torch.randn(shape, generator=generator) * scale).flatten())
    return torch.cat(parts)


def update(p, g, m, v, step, rate=3e-4, beta1=.9, beta2=.95, epsilon=1e-8, decay=.1, chunk=1 << 17):
    for i in range(0, p.numel(), chunk):
        pc, gc, mc, vc = (tensor[i:i + chunk] for tensor in (p, g, m, v))
        pc.mul_(1 - rate * decay)
        mc.lerp_(gc, 1 - beta1)
        vc.mul_(beta2).addcmul_(gc, gc, value=1 - beta2)
        pc.addcdiv_(mc, vc.sqrt().div_(math.sqrt(1 - beta2 ** step)).add_(epsilon), value=-rate / (1 - beta1 ** step))


def work(rank, processes, mode, name, rounds, flat, gradients, barrier, queue):
    torch.set_num_threads(1)
    os.sched_setaffinity(0, {rank % os.cpu_count()})
    c = CONFIGURATIONS[name]
    B, T, V = c["B"], c["T"], c["V"]
    generator = torch.Generator().manual_seed(1)
    sequences = torch.randint(0, V, (B, T + 1), generator=generator)
    x, y, w = sequences[:, :-1].contiguous(), sequences[:, 1:].contiguous(), torch.ones(B, T)
    mine = range(B * rank // processes, B * (rank + 1) // processes, MICRO_BATCH)
    model = Model(c, flat, gradients[rank] if mode == "train" else None)
    lo, hi = flat.numel() * rank // processes, flat.numel() * (rank + 1) // processes
    m, v, steps = torch.zeros(hi - lo), torch.zeros(hi - lo), 0
    tokens = B * T

    def once():
        nonlocal steps, tokens
        if mode == "train":
            for i in mine:
                (model.loss(x[i:i + MICRO_BATCH], y[i:i + MICRO_BATCH], w[i:i + MICRO_BATCH]) * (MICRO_BATCH / B)).backward()
            barrier.wait()
            with torch.no_grad():
                for other in range(processes):
                    if other != rank:
                        gradients[rank][lo:hi].add_(gradients[other][lo:hi])
                steps += 1
                update(flat[lo:hi], gradients[rank][lo:hi], m, v, steps)
                barrier.wait()
                gradients[rank].zero_()
        elif mode == "score":
            with torch.no_grad():
                for i in mine:
                    model.loss(x[i:i + MICRO_BATCH], y[i:i + MICRO_BATCH], w[i:i + MICRO_BATCH])
        else:
            batch, length = int(mode[8:]), T if name != "M" or mode == "generate1" else 128
            tokens = batch * length
            with torch.no_grad():
                model.generate(max(1, batch // processes), length)

    once()
    times = []
    for _ in range(rounds):
        barrier.wait()
        start = time.perf_counter()
        once()
        barrier.wait()
        times.append(time.perf_counter() - start)
    queue.put((times, tokens, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    mode, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    processes = int(sys.argv[4]) if len(sys.argv) > 4 else 1 if mode == "generate1" else 2
    flat = initial(CONFIGURATIONS[name]).share_memory_()
    gradients = [torch.zeros_like(flat).share_memory_() for _ in range(processes)] if mode == "train" else []
    barrier, queue = mp.Barrier(processes), mp.Queue()
    workers = [mp.Process(target=work, args=(r, processes, mode, name, rounds, flat, gradients, barrier, queue)) for r in range(processes)]
    for worker in workers:
        worker.start()
    results = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    times, tokens = sorted(results[0][0]), results[0][1]
    print(f"{tokens / times[0]:.0f} {tokens / times[len(times) // 2]:.0f} {sum(result[2] for result in results):.0f}")
