using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Sync.History;

/// <summary>The whole of a former tree: over the nodes of the current one, which stand for all below them, those that differ, in memory.</summary>
internal sealed class FormerNodes(INodeStore current) : INodeStore
{
    private readonly Dictionary<BlobId, byte[]> _nodes = [];

    public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out var bytes) ? bytes : current.Load(id);

    public bool Contains(BlobId id) => _nodes.ContainsKey(id) || current.Contains(id);

    public void Save(BlobId id, byte[] bytes) => _nodes.TryAdd(id, bytes);
}
