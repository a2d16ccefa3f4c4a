using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Turns the sequence of a content's chunks into lists: one, or a tree of them when there are very many chunks. The result depends on the sequence
/// alone. One flow at a time; empty again after <see cref="CompleteAsync"/>.
/// </summary>
internal sealed class ChunkListWriter(PackWriter packs, int maxParts = ChunkList.MaxParts)
{
    private readonly List<ImmutableArray<ChunkListPart>.Builder> _levels = [];

    public ValueTask AddAsync(BlobId chunk, long length, CancellationToken cancel) => AddAsync(0, new ChunkListPart(chunk, length), cancel);

    /// <summary>Closes all lists; the id of the one on top.</summary>
    public async ValueTask<BlobId> CompleteAsync(CancellationToken cancel)
    {
        for (int level = 0; level < _levels.Count - 1; level++)
            await AddAsync(level + 1, await CloseAsync(level, cancel), cancel);
        var top = await CloseAsync(_levels.Count - 1, cancel);
        Clear();
        return top.Id;
    }

    public void Clear() => _levels.Clear();

    private async ValueTask AddAsync(int level, ChunkListPart part, CancellationToken cancel)
    {
        if (level == _levels.Count) _levels.Add(ImmutableArray.CreateBuilder<ChunkListPart>());
        // A full list is closed when something follows, never before: so a content that just fills a list has one list.
        if (_levels[level].Count == maxParts) await AddAsync(level + 1, await CloseAsync(level, cancel), cancel);
        _levels[level].Add(part);
    }

    private async ValueTask<ChunkListPart> CloseAsync(int level, CancellationToken cancel)
    {
        var list = new ChunkList(level, _levels[level].ToImmutable());
        byte[] bytes = list.Encode();
        var id = BlobId.Of(bytes);
        var references = new Reference[list.Parts.Length];
        for (int i = 0; i < references.Length; i++) references[i] = new Reference(list.Parts[i].Id, ReferenceKind.Blob);
        await packs.AddFramedAsync(id, bytes, references, cancel);
        _levels[level].Clear();
        return new ChunkListPart(id, list.Size);
    }
}
