using BenchmarkDotNet.Attributes;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Model.Tree;

namespace MagicFolder.Benchmarks;

/// <summary>All nodes of a tree of 10,000 entries to bytes and back, without hashes and a store; for each entry.</summary>
[MemoryDiagnoser]
public class NodeBenchmarks
{
    public const int Entries = ManyEntries.Count;

    private byte[][] _encoded = [];
    private DmtNode[] _decoded = [];

    [GlobalSetup]
    public void SetUp()
    {
        var nodes = new MemoryNodes();
        ManyEntries.Tree(nodes, ManyEntries.Actor(1));
        _encoded = [.. nodes.All];
        _decoded = [.. _encoded.Select(bytes => DmtNode.Decode(bytes))];
    }

    [Benchmark(OperationsPerInvoke = Entries)]
    public long Encode()
    {
        long length = 0;
        foreach (var node in _decoded) length += (node.IsLeaf ? DmtNode.EncodeLeaf(node.Items) : DmtNode.EncodeInterior(node.Level, node.Described)).Length;
        return length;
    }

    [Benchmark(OperationsPerInvoke = Entries)]
    public long Decode()
    {
        long entries = 0;
        foreach (byte[] bytes in _encoded) entries += DmtNode.Decode(bytes).Items.Count;
        return entries;
    }
}
