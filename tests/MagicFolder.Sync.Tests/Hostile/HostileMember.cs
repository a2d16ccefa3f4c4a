using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Tests.Identity;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>A participant whose keys are real and whose program is not: it signs and publishes whatever a test makes up.</summary>
internal sealed class HostileMember : IDisposable
{
    private readonly Cast _cast;
    private readonly byte[] _nonce = new byte[16];

    internal HostileMember(Cast cast, string name)
    {
        _cast = cast;
        EmbeddedRandom.Fill(_nonce);
        Keys = MutableKeys.FromPkcs8(cast.World.Participant(name).PersonalKey.AsSpan());
        Actor = ActorId.Derive(Keys.Fingerprint.ToArray(), _nonce);
    }

    internal MutableKeys Keys { get; }

    internal ActorId Actor { get; }

    internal long Seq { get; set; }

    /// <summary>The dot of what it publishes next.</summary>
    internal Dot NextDot => new(Actor, Seq + 1);

    private static IRandomSource EmbeddedRandom => Viewing.EmbeddedWorld.Random;

    internal CraftedLeaf NewLeaf(ulong version = 1) => new(Actor, Seq + 1) { Version = version };

    /// <summary>A tree of one leaf.</summary>
    internal Task<Head> PublishLeafAsync(CraftedLeaf leaf, CraftedPack? pack = null, params CraftedPlace?[] contents) =>
        PublishNodeAsync(leaf.ToArray(), pack, contents);

    internal async Task<Head> PublishNodeAsync(byte[] node, CraftedPack? pack = null, params CraftedPlace?[] table)
    {
        pack ??= new CraftedPack();
        return await PublishRootAsync(BlobId.Of(node), pack, pack.AddFramed(node, table));
    }

    /// <summary>A well-formed tree; where its contents lie is up to the test.</summary>
    internal async Task<Head> PublishTreeAsync(IEnumerable<DmtEdit> entries, CraftedPack pack, Func<BlobId, CraftedPlace?> contents, Observed? observed = null)
    {
        var nodes = new MemoryNodes();
        var tree = Dmt.Empty(nodes).With(entries.OrderBy(entry => entry.Path));
        return await PublishRootAsync(tree.Root, pack, Frame(tree.Root, nodes, pack, contents, []), observed);
    }

    internal DmtEdit Edit(string path, EntryValue value) => new(RelativePath.Parse(path), Entry.Of(NextDot, value));

    internal async Task<Head> PublishRootAsync(BlobId root, CraftedPack pack, CraftedPlace place, Observed? observed = null, BlobId? parent = null, CraftedPlace? parentPlace = null)
    {
        var snapshot = new Snapshot(_cast.World.Folder.Folder, root, Actor, ++Seq, 1_700_000_000_000, parent, observed ?? Observed.None);
        return await PublishSnapshotAsync(snapshot, pack, parent is null ? [place] : [place, parentPlace]);
    }

    internal async Task<Head> PublishSnapshotAsync(Snapshot snapshot, CraftedPack pack, params CraftedPlace?[] table)
    {
        byte[] bytes = snapshot.Encode();
        var place = pack.AddFramed(bytes, table);
        string cap = await StoreAsync(pack);
        var location = new BlobLocation(new PackRef(cap), place.Offset, (int)place.Stored, (int)place.Plain, BlobEncoding.Framed);
        var head = Head(BlobId.Of(bytes), Math.Max(1, Seq), location);
        await PublishHeadAsync(head.Encode());
        return head;
    }

    /// <summary>A head that is signed as it should be.</summary>
    internal Head Head(BlobId snapshot, long seq, BlobLocation location, Model.FolderId? folder = null)
    {
        var of = folder ?? _cast.World.Folder.Folder;
        byte[] signature = Keys.SignStatement(StatementMessage.For(of, Actor, seq, snapshot));
        return new Head(of, Actor, [.. _nonce], [.. Keys.Fingerprint.ToArray()], seq, snapshot, [.. signature], location, ImmutableArray<RetainedSnapshot>.Empty);
    }

    internal async Task<string> StoreAsync(CraftedPack pack)
    {
        using var content = new MemoryStream(pack.ToArray());
        var cap = await _cast.World.Grid.PutImmutableAsync(content, content.Length, EncryptionKeyChoice.Random(EmbeddedRandom), TestContext.Current.CancellationToken);
        return cap.ToUriString();
    }

    internal async Task PublishHeadAsync(ReadOnlyMemory<byte> bytes)
    {
        var cap = Keys.ToWriteCap();
        var now = await _cast.World.Grid.ReadMutableAsync(cap.ToReadCap(), TestContext.Current.CancellationToken);
        await _cast.World.Grid.PublishMutableAsync(cap, now.Seqnum, bytes, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Keys.Dispose();

    private static CraftedPlace Frame(BlobId id, MemoryNodes nodes, CraftedPack pack, Func<BlobId, CraftedPlace?> contents, Dictionary<BlobId, CraftedPlace> framed)
    {
        if (framed.TryGetValue(id, out var known)) return known;
        byte[] bytes = nodes.Load(id);
        var node = DmtNode.Decode(bytes);
        CraftedPlace?[] table = node.IsLeaf
            ? [.. node.Contents.Select(contents)]
            : [.. node.Children.Select(child => Frame(child, nodes, pack, contents, framed))];
        return framed[id] = pack.AddFramed(bytes, table);
    }

    private sealed class MemoryNodes : INodeStore
    {
        private readonly Dictionary<BlobId, byte[]> _nodes = [];

        public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out byte[]? bytes) ? bytes : throw new MissingNodeException(id);

        public bool Contains(BlobId id) => _nodes.ContainsKey(id);

        public void Save(BlobId id, byte[] bytes) => _nodes[id] = bytes;
    }
}
