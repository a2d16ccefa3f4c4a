using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Reads small files ahead on several threads, while those before them are made versions of. What is observed stays in its order, and each file is still read in one piece of time.
/// With one thread nothing is read ahead. Memory: two groups of at most 4 MiB of files.
/// </summary>
internal sealed class CaptureAhead(EngineParts parts, EngineTools tools)
{
    private const int GroupCount = 256;
    private const long GroupBytes = 4L << 20;

    /// <param name="observations">Enumerated by the caller's flow alone, up to two groups before what is given.</param>
    /// <param name="needsReading">Asked once about each file and directory, when it is observed.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>With each observation what was read of it, if that was done ahead.</returns>
    internal async IAsyncEnumerable<(LocalObservation Observation, EarlyRead? Early)> ReadAsync(
        IEnumerable<LocalObservation> observations, Func<LocalObservation.Differs, bool> needsReading, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (parts.Options.ThreadsInUse == 1)
        {
            foreach (var observation in observations) yield return (observation, null);
            yield break;
        }
        using var source = observations.GetEnumerator();
        Group? next = null;
        Group? current = null;
        try
        {
            next = Begin(source, needsReading);
            while ((current = next) is not null)
            {
                next = Begin(source, needsReading);
                await current.Reading.WaitAsync(cancel);
                for (int i = 0; i < current.Observations.Count; i++) yield return (current.Observations[i], current.Early[i]);
                current.Dispose();
            }
        }
        finally
        {
            foreach (var left in new[] { current, next })
            {
                if (left is null) continue;
                await left.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                left.Dispose();
            }
        }
    }

    private Group? Begin(IEnumerator<LocalObservation> source, Func<LocalObservation.Differs, bool> needsReading)
    {
        var observed = new List<LocalObservation>(GroupCount);
        var wanted = new List<int>();
        long bytes = 0;
        while (observed.Count < GroupCount && bytes < GroupBytes && source.MoveNext())
        {
            observed.Add(source.Current);
            if (source.Current is not LocalObservation.Differs differs || !needsReading(differs)) continue;
            if (differs.Seen.Stat is not { Kind: DiskKind.File, Size: <= ContentCapture.SmallFile } stat) continue;
            wanted.Add(observed.Count - 1);
            bytes += stat.Size;
        }
        return observed.Count == 0 ? null : new Group(this, observed, wanted);
    }

    private EarlyRead Read(ScanItem.Seen seen, PreparedBlobs blobs)
    {
        var lookedAt = tools.Now();
        try
        {
            return ContentCapture.ReadAhead(parts.Disk, seen.Path, blobs) is var (blob, stat)
                ? new EarlyRead(blob, stat, lookedAt, null)
                : new EarlyRead(null, default, lookedAt, null);
        }
        catch (DiskException e)
        {
            return new EarlyRead(null, default, lookedAt, e);
        }
    }

    private sealed class Group : IDisposable
    {
        private readonly List<PreparedBlobs> _blobs = [];

        internal Group(CaptureAhead owner, List<LocalObservation> observations, List<int> wanted)
        {
            Observations = observations;
            Early = new EarlyRead?[observations.Count];
            int next = -1;
            var readers = new List<Task>();
            for (int i = 0; i < Math.Min(owner.Threads, wanted.Count); i++)
            {
                var blobs = new PreparedBlobs();
                _blobs.Add(blobs);
                readers.Add(Task.Run(() =>
                {
                    for (int at; (at = Interlocked.Increment(ref next)) < wanted.Count;)
                        Early[wanted[at]] = owner.Read(((LocalObservation.Differs)observations[wanted[at]]).Seen, blobs);
                }));
            }
            Reading = Task.WhenAll(readers);
        }

        internal List<LocalObservation> Observations { get; }

        internal EarlyRead?[] Early { get; }

        internal Task Reading { get; }

        public void Dispose()
        {
            foreach (var blobs in _blobs) blobs.Dispose();
            _blobs.Clear();
        }
    }

    private int Threads => parts.Options.ThreadsInUse;
}

/// <summary>What came of reading a file ahead.</summary>
/// <param name="Blob">Null when it changed while it was read.</param>
/// <param name="Stat">Under which these bytes are in place.</param>
/// <param name="LookedAt">When the reading began.</param>
/// <param name="Trouble">Why it could not be read.</param>
internal sealed record EarlyRead(PreparedBlob? Blob, DiskStat Stat, Moment LookedAt, DiskException? Trouble)
{
    internal void ThrowTrouble()
    {
        if (Trouble is not null) ExceptionDispatchInfo.Throw(Trouble);
    }
}
