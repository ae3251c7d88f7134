"""What TensorBoard itself reads of a folder of event files, as JSON. `pnpm verify:tensorboard` runs it."""

import io
import json
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.plugins.hparams.api_pb2 import Status

everything = {kind: 0 for kind in ("scalars", "histograms", "tensors")}


def image(png):
    with Image.open(io.BytesIO(png)) as opened:
        opened.load()
        return {"size": list(opened.size), "mode": opened.mode, "colours": len(opened.convert("RGB").getcolors(2**24))}


def value(field):
    return getattr(field, field.WhichOneof("kind"))


def read(folder):
    events = EventAccumulator(folder, size_guidance=everything)
    events.Reload()
    tags = events.Tags()
    tensors = {tag: events.Tensors(tag) for tag in tags["tensors"]}
    plugins = {tag: events.SummaryMetadata(tag).plugin_data for tag in tensors}
    strings = {tag: [list(each.tensor_proto.string_val) for each in found] for tag, found in tensors.items()}
    of = lambda name: [tag for tag in tensors if plugins[tag].plugin_name == name]
    hparams = {tag: HParamsPluginData.FromString(plugins[tag].content) for tag in of("hparams")}
    start = hparams["_hparams_/session_start_info"].session_start_info if hparams else None
    end = hparams.get("_hparams_/session_end_info")
    graph = GraphDef.FromString(events.Graph().SerializeToString()) if tags["graph"] else GraphDef()
    return {
        "scalars": {tag: [[each.step, each.value] for each in events.Scalars(tag)] for tag in tags["scalars"]},
        "histograms": {
            tag: [
                {
                    "step": each.step,
                    "count": each.histogram_value.num,
                    "inBuckets": sum(each.histogram_value.bucket),
                    "min": each.histogram_value.min,
                    "max": each.histogram_value.max,
                    "limits": list(each.histogram_value.bucket_limit),
                }
                for each in events.Histograms(tag)
            ]
            for tag in tags["histograms"]
        },
        "images": {
            tag: [
                {"step": each.step, "said": [int(number) for number in found[:2]], "images": [image(png) for png in found[2:]]}
                for each, found in zip(tensors[tag], strings[tag])
            ]
            for tag in of("images")
        },
        "texts": {tag: [found[0].decode() for found in strings[tag]] for tag in of("text")},
        "layout": [
            {"title": chart.title, "tags": list(chart.multiline.tag)}
            for tag in of("custom_scalars")
            for category in Layout.FromString(strings[tag][0][0]).category
            for chart in category.chart
        ],
        "graph": [
            {
                "name": node.name,
                "op": node.op,
                "inputs": list(node.input),
                "shape": [dim.size for dim in node.attr["_output_shapes"].list.shape[0].dim],
            }
            for node in graph.node
        ],
        "hparams": {name: value(field) for name, field in start.hparams.items()} if start else {},
        "status": Status.Name(end.session_end_info.status) if end else None,
    }


print(json.dumps(read(sys.argv[1])))
