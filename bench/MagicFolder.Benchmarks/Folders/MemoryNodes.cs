using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>The nodes of trees, in memory.</summary>
internal sealed class MemoryNodes : INodeStore
{
    private readonly Dictionary<BlobId, byte[]> _nodes = [];

    internal IEnumerable<byte[]> All => _nodes.Values;

    public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out var bytes) ? bytes : throw new MissingNodeException(id);

    public bool Contains(BlobId id) => _nodes.ContainsKey(id);

    public void Save(BlobId id, byte[] bytes) => _nodes[id] = bytes;
}
