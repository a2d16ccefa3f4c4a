using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Sync.Pulling;

/// <summary>The store during one fetch: remembers what came in by it. What was here before is part of trees that were verified, or made here.</summary>
internal sealed class ArrivingNodes(INodeStore store) : INodeStore
{
    private readonly HashSet<BlobId> _arrived = [];

    internal bool WasHereBefore(BlobId id) => !_arrived.Contains(id);

    public byte[] Load(BlobId id) => store.Load(id);

    public bool Contains(BlobId id) => store.Contains(id);

    public void Save(BlobId id, byte[] bytes)
    {
        if (!store.Contains(id)) _arrived.Add(id);
        store.Save(id, bytes);
    }
}
