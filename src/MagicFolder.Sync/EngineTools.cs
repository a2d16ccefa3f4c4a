using MagicFolder.FileSystem.Capturing;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Joining;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.State;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.Blobs;
using MagicFolder.Sync.Capturing;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Ignoring;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Pulling;

namespace MagicFolder.Sync;

/// <summary>What the stages of one engine share: the instruments made once an engine is open, and the few facts that all of them ask for.</summary>
internal sealed class EngineTools : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly ContentWriter _writer;

    internal EngineTools(EngineParts parts, ParticipantIdentity identity, ChunkingKey chunking)
    {
        _parts = parts;
        Identity = identity;
        Catalog = new StateCatalog(parts.State, parts.Time);
        Blobs = new BlobReader(parts.Grid, Catalog);
        Packs = new PackWriter(parts.Grid, parts.Random, Catalog, Blobs, new PackOptions { Background = parts.Options.Background, Underway = Math.Max(1, parts.Options.ThreadsInUse - 1) });
        Contents = new ContentReader(Blobs, Catalog, parts.Options.ThreadsInUse);
        SmallContents = new SmallContents(Blobs, Catalog, parts.Options.ThreadsInUse);
        Fetcher = new SnapshotFetcher(Blobs, Catalog);
        Reach = new Reach(parts.Grid, parts.Collective, parts.PersonalReadCap);
        Missing = new MissingContents(parts.State, new PlaceFinder(Blobs, Catalog));
        _writer = new ContentWriter(Packs, chunking, Catalog, parts.Options.ThreadsInUse);
        Capture = new ContentCapture(parts.Disk, _writer, Contents, Packs, parts.Progress);
        OldNodes = new OldNodes(parts.State.Nodes);
        FirstSight = new FirstSight(parts, this);
        Versions = new KnownVersions(parts, this);
        LocalDeletions = new DeletionWindow(parts.Time);
        Changing = new ChangingFiles(parts.Time, parts.State.Problems);
        FailedTries = new FailedTries(parts.Time);
        ApplyProblems = new ApplyProblems(parts.State.Problems, FailedTries);
        Settling = new Settling(parts.Time);
        Ignore = new IgnoreKeeper(parts, this);
    }

    internal ParticipantIdentity Identity { get; }

    internal StateCatalog Catalog { get; }

    internal PackWriter Packs { get; }

    internal BlobReader Blobs { get; }

    internal ContentReader Contents { get; }

    internal SmallContents SmallContents { get; }

    internal SnapshotFetcher Fetcher { get; }

    /// <summary>By what every round reads: the list of participants, and the own head.</summary>
    internal Reach Reach { get; }

    internal MissingContents Missing { get; }

    internal ContentCapture Capture { get; }

    internal FirstSight FirstSight { get; }

    internal KnownVersions Versions { get; }

    /// <summary>Nodes of former trees, outside of the state database.</summary>
    internal OldNodes OldNodes { get; }

    internal ChangingFiles Changing { get; }

    internal FailedTries FailedTries { get; }

    internal ApplyProblems ApplyProblems { get; }

    internal UnsettledPaths Unsettled { get; } = new();

    internal DeletionWindow LocalDeletions { get; }

    internal IgnoreKeeper Ignore { get; }

    /// <summary>Which of what was read is too fresh to be trusted.</summary>
    internal Settling Settling { get; }

    internal long NowMs() => _parts.Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal long NowNs() => Now().Ns;

    internal Moment Now() => Settling.Now();

    internal Dmt OpenTree() => Dmt.Open(_parts.State.Nodes, _parts.State.Versions.Read()!.Root);

    /// <summary>The number of the snapshot under construction: after the published and the sealed one.</summary>
    internal long NextSeq() =>
        Math.Max(_parts.State.Versions.Read()!.PublishedSeq, _parts.State.Sealed.Read()?.Seq ?? 0) + 1;

    /// <summary>All that this participant has seen, its own unpublished versions included.</summary>
    internal VersionContext Context() =>
        _parts.State.Observations.ReadAll().ToContext().With(Identity.Actor, NextSeq());

    /// <summary>This participant as others see it when they join what it makes.</summary>
    internal SnapshotMaker Self() => SnapshotMaker.Of(Identity.Actor, 0, _parts.Personal.Fingerprint.ToArray(), _parts.State.Observations.ReadAll());

    /// <summary>A directory that stands only because of what is in it goes when the last of that goes.</summary>
    internal void RecheckImpliedParent(RelativePath path)
    {
        if (!path.Parent.IsRoot && _parts.State.Records.Find(path.Parent) is { Implied: true }) _parts.State.Pending.Add(path.Parent);
    }

    /// <summary>A name never used before in this folder, for something staged.</summary>
    internal string NextStageName()
    {
        Span<byte> random = stackalloc byte[10];
        _parts.Random.Fill(random);
        return Convert.ToHexStringLower(random);
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await Blobs.DisposeAsync();
        await Packs.DisposeAsync();
    }
}
