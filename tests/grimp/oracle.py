"""Answers questions about graphs with grimp, one line of JSON for each line of JSON.

A question has the number of modules per package (`packages`), the imports between modules
(`imports`, pairs of numbers), the layers (`levels`: packages, independent, closed) and pairs of
modules (`chains`). Packages are the children of one root, their modules are children of them;
package -1 holds modules that are in no layer.
"""

import json
import sys

import grimp


def name(module):
    package, number = module
    return f"root.p{package}.m{number}" if package >= 0 else f"root.n{number}"


def answer(question):
    graph = grimp.ImportGraph()
    graph.add_module("root")
    for module in question["modules"]:
        package = module[0]
        if package >= 0:
            graph.add_module(f"root.p{package}")
        graph.add_module(name(module))
    modules = [name(module) for module in question["modules"]]
    for importer, imported in question["imports"]:
        graph.add_import(importer=modules[importer], imported=modules[imported])
    layers = [
        grimp.Layer(
            *[f"root.p{package}" for package in level["members"]],
            independent=level["independent"],
            closed=level["closed"],
        )
        for level in question["levels"]
    ]
    illegal = graph.find_illegal_dependencies_for_layers(layers)
    pairs = sorted([int(one.importer[6:]), int(one.imported[6:])] for one in illegal)
    chains = []
    for first, last in question["chains"]:
        chain = graph.find_shortest_chain(importer=modules[first], imported=modules[last])
        exists = graph.chain_exists(importer=modules[first], imported=modules[last])
        assert exists == (chain is not None)
        chains.append(len(chain) if chain else 0)
    breakers = graph.nominate_cycle_breakers("root")
    numbers = {module: number for number, module in enumerate(modules)}
    cut = sorted([numbers[importer], numbers[imported]] for importer, imported in breakers)
    return {"illegal": pairs, "chains": chains, "breakers": cut}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
