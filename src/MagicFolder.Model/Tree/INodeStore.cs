using MagicFolder.Model.Blobs;

namespace MagicFolder.Model.Tree;

/// <summary>
/// Where the nodes of trees are kept, by id. Synchronous: whoever needs nodes from the grid brings them here first.
/// Saving a node twice changes nothing. One thread at a time.
/// </summary>
public interface INodeStore
{
    /// <summary>The canonical bytes of a node.</summary>
    /// <exception cref="MissingNodeException">The store does not hold it.</exception>
    byte[] Load(BlobId id);

    bool Contains(BlobId id);

    /// <param name="id">The SHA-256 of <paramref name="bytes"/>.</param>
    /// <param name="bytes">The canonical bytes; the store takes ownership of the array.</param>
    void Save(BlobId id, byte[] bytes);
}

/// <summary>A tree was opened whose nodes are not all here.</summary>
public sealed class MissingNodeException(BlobId id) : Exception($"The tree node {id} is not in the local store.")
{
    public BlobId Id { get; } = id;
}
