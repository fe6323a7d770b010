"""Three small model folders with random weights, and their logits in double precision, written for LogitsTests: OLMo as transformers has it (F32,
one file), OLMo as its own code has it (BF16, in shards), Llama (F16, untied head, another epsilon and rotary base).
usage: model_folders.py FOLDER      needs torch and numpy; made with torch 1.13.1"""
import json, math, os, struct, sys
import torch
import torch.nn.functional as F

WIDTH, LAYERS, HEADS, HIDDEN, VOCABULARY, ROWS = 16, 2, 2, 24, 40, 48
SEQUENCES, LENGTH = 3, 12
generator = torch.Generator().manual_seed(7)


def random(*shape, type=torch.float32):
    return (0.3 * torch.randn(shape, generator=generator)).to(type)


def write_safetensors(path, tensors, metadata=None):
    names = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}
    header, offset, parts = {"__metadata__": metadata or {"format": "pt"}}, 0, []
    for name, tensor in tensors.items():
        raw = tensor.view(torch.int16) if tensor.dtype != torch.float32 else tensor
        data = raw.contiguous().numpy().tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def write_json(path, value):
    with open(path, "w") as file:
        file.write(json.dumps(value, indent=2) + "\n")


def turned(x, base):
    # x: sequences, heads, positions, size; the pair (i, i + size / 2) turns by position * base ** (-2 i / size).
    size = x.shape[-1]
    angle = torch.arange(x.shape[2]).double()[:, None] / base ** (torch.arange(0, size, 2).double() / size)
    first, second = x[..., : size // 2], x[..., size // 2 :]
    return torch.cat((first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()), -1)


def attention(q, k, v, base):
    q, k, v = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (q, k, v))
    scores = turned(q, base) @ turned(k, base).transpose(2, 3) / math.sqrt(q.shape[-1])
    later = torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1)
    return (scores.masked_fill(later, -math.inf).softmax(-1) @ v).transpose(1, 2).flatten(2)


def plain_norm(x):
    return F.layer_norm(x, (WIDTH,), eps=1e-5)


def rms_norm(x, weight, epsilon):
    return weight * x / (x.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()


def olmo_transformers(folder, tokens):
    """OlmoForCausalLM: q_proj, k_proj, v_proj, gate_proj, up_proj apart, norms without weights, head tied."""
    w = {"model.embed_tokens.weight": random(ROWS, WIDTH)}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}."
        for name in "qkvo":
            w[f"{at}self_attn.{name}_proj.weight"] = random(WIDTH, WIDTH)
        w[at + "mlp.gate_proj.weight"], w[at + "mlp.up_proj.weight"] = random(HIDDEN, WIDTH), random(HIDDEN, WIDTH)
        w[at + "mlp.down_proj.weight"] = random(WIDTH, HIDDEN)
    write_json(f"{folder}/config.json", {
        "architectures": ["OlmoForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "clip_qkv": None, "eos_token_id": VOCABULARY - 1,
        "hidden_act": "silu", "hidden_size": WIDTH, "initializer_range": 0.02, "intermediate_size": HIDDEN, "max_position_embeddings": 64,
        "model_type": "olmo", "num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "num_key_value_heads": HEADS, "pad_token_id": 1,
        "rope_scaling": None, "rope_theta": 10000.0, "tie_word_embeddings": True, "torch_dtype": "float32", "transformers_version": "4.40.0",
        "use_cache": True, "vocab_size": ROWS})
    write_safetensors(f"{folder}/model.safetensors", w)
    w = {name: tensor.double() for name, tensor in w.items()}
    x = w["model.embed_tokens.weight"][tokens]
    for layer in range(LAYERS):
        of = lambda name: w[f"model.layers.{layer}.{name}_proj.weight"].T
        n = plain_norm(x)
        x = x + attention(n @ of("self_attn.q"), n @ of("self_attn.k"), n @ of("self_attn.v"), 10000.0) @ of("self_attn.o")
        n = plain_norm(x)
        x = x + (F.silu(n @ of("mlp.gate")) * (n @ of("mlp.up"))) @ of("mlp.down")
    return plain_norm(x) @ w["model.embed_tokens.weight"].T


def olmo_original(folder, tokens):
    """OLMo's own code: att_proj is query, key, value; of ff_proj the first half is multiplied by silu of the second."""
    w, bf16 = {}, {"type": torch.bfloat16}
    w["model.transformer.wte.weight"] = random(ROWS, WIDTH, **bf16)
    for layer in range(LAYERS):
        at = f"model.transformer.blocks.{layer}."
        w[at + "att_proj.weight"], w[at + "attn_out.weight"] = random(3 * WIDTH, WIDTH, **bf16), random(WIDTH, WIDTH, **bf16)
        w[at + "ff_proj.weight"], w[at + "ff_out.weight"] = random(2 * HIDDEN, WIDTH, **bf16), random(WIDTH, HIDDEN, **bf16)
    write_json(f"{folder}/config.json", {
        "activation_type": "swiglu", "alibi": False, "alibi_bias_max": 8.0, "architectures": ["OLMoForCausalLM"], "attention_dropout": 0.0,
        "attention_layer_norm": False, "attention_layer_norm_with_affine": False, "bias_for_layer_norm": False, "block_group_size": 1,
        "block_type": "sequential", "clip_qkv": None, "d_model": WIDTH, "embedding_dropout": 0.0, "embedding_size": ROWS, "eos_token_id": VOCABULARY - 1,
        "flash_attention": True, "include_bias": False, "init_device": "meta", "init_fn": "mitchell", "init_std": 0.02, "layer_norm_type": "default",
        "layer_norm_with_affine": False, "max_sequence_length": 64, "mlp_hidden_size": None, "mlp_ratio": 2 * HIDDEN // WIDTH, "model_type": "hf_olmo",
        "multi_query_attention": False, "n_heads": HEADS, "n_layers": LAYERS, "pad_token_id": 1, "precision": "amp_bf16", "residual_dropout": 0.0,
        "rope": True, "rope_full_precision": True, "scale_logits": False, "transformers_version": "4.37.1", "use_cache": True,
        "vocab_size": VOCABULARY, "weight_tying": True})
    first = {name: tensor for name, tensor in w.items() if ".blocks.1." not in name}
    shards = {"model-00001-of-00002.safetensors": first, "model-00002-of-00002.safetensors": {n: t for n, t in w.items() if n not in first}}
    for shard, tensors in shards.items():
        write_safetensors(f"{folder}/{shard}", tensors)
    write_json(f"{folder}/model.safetensors.index.json", {
        "metadata": {"total_size": sum(2 * tensor.numel() for tensor in w.values())},
        "weight_map": {name: shard for shard, tensors in shards.items() for name in tensors}})
    w = {name: tensor.double() for name, tensor in w.items()}
    x = w["model.transformer.wte.weight"][tokens]
    for layer in range(LAYERS):
        of = lambda name: w[f"model.transformer.blocks.{layer}.{name}.weight"].T
        q, k, v = (plain_norm(x) @ of("att_proj")).split(WIDTH, -1)
        x = x + attention(q, k, v, 10000.0) @ of("attn_out")
        value, gate = (plain_norm(x) @ of("ff_proj")).chunk(2, -1)
        x = x + (F.silu(gate) * value) @ of("ff_out")
    return plain_norm(x) @ w["model.transformer.wte.weight"].T


def llama(folder, tokens):
    """LlamaForCausalLM: RMSNorm with weights, a head of its own."""
    epsilon, base, f16 = 1e-3, 500.0, {"type": torch.float16}
    w = {"model.embed_tokens.weight": random(ROWS, WIDTH, **f16), "lm_head.weight": random(ROWS, WIDTH, **f16)}
    w["model.norm.weight"] = 1 + random(WIDTH, **f16)
    for layer in range(LAYERS):
        at = f"model.layers.{layer}."
        for name in "qkvo":
            w[f"{at}self_attn.{name}_proj.weight"] = random(WIDTH, WIDTH, **f16)
        w[at + "mlp.gate_proj.weight"], w[at + "mlp.up_proj.weight"] = random(HIDDEN, WIDTH, **f16), random(HIDDEN, WIDTH, **f16)
        w[at + "mlp.down_proj.weight"] = random(WIDTH, HIDDEN, **f16)
        w[at + "input_layernorm.weight"], w[at + "post_attention_layernorm.weight"] = 1 + random(WIDTH, **f16), 1 + random(WIDTH, **f16)
        w[at + "self_attn.rotary_emb.inv_freq"] = random(WIDTH // HEADS // 2)
    write_json(f"{folder}/config.json", {
        "architectures": ["LlamaForCausalLM"], "attention_bias": False, "head_dim": WIDTH // HEADS, "hidden_act": "silu", "hidden_size": WIDTH,
        "intermediate_size": HIDDEN, "max_position_embeddings": 64, "mlp_bias": False, "model_type": "llama", "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS, "pretraining_tp": 1, "rms_norm_eps": epsilon, "rope_parameters": {"rope_theta": base, "rope_type": "default"},
        "tie_word_embeddings": False, "dtype": "float16", "vocab_size": ROWS})
    write_safetensors(f"{folder}/model.safetensors", w)
    w = {name: tensor.double() for name, tensor in w.items()}
    x = w["model.embed_tokens.weight"][tokens]
    for layer in range(LAYERS):
        of = lambda name: w[f"model.layers.{layer}.{name}_proj.weight"].T
        n = rms_norm(x, w[f"model.layers.{layer}.input_layernorm.weight"], epsilon)
        x = x + attention(n @ of("self_attn.q"), n @ of("self_attn.k"), n @ of("self_attn.v"), base) @ of("self_attn.o")
        n = rms_norm(x, w[f"model.layers.{layer}.post_attention_layernorm.weight"], epsilon)
        x = x + (F.silu(n @ of("mlp.gate")) * (n @ of("mlp.up"))) @ of("mlp.down")
    return rms_norm(x, w["model.norm.weight"], epsilon) @ w["lm_head.weight"].T


def main(folder):
    tokens = torch.randint(0, VOCABULARY, (SEQUENCES, LENGTH), generator=generator)
    expected = {"tokens": tokens.float()}
    for make in (olmo_transformers, olmo_original, llama):
        name = make.__name__.replace("_", "-")
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        expected[name] = make(f"{folder}/{name}", tokens).float()
    write_safetensors(f"{folder}/logits.safetensors", expected)


main(sys.argv[1])
