namespace MagicFolder.Tahoe.Immutable;

/// <summary>Streams of the shares of one file, which grow at the same time.</summary>
internal static class ShareStreams
{
    /// <summary>Writes to several shares at the same time, and returns when all are done, also after a failure: buffers must not change under a write.</summary>
    /// <param name="shares">n streams, or null where a share is not wanted.</param>
    /// <param name="blocks">What is to be written to which.</param>
    /// <param name="first">The first of them to write to.</param>
    /// <param name="count">How many to write to.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal static ValueTask WriteAsync(IReadOnlyList<Stream?> shares, ReadOnlyMemory<byte>[] blocks, int first, int count, CancellationToken cancel)
    {
        if (count == 1)
        {
            return shares[first]?.WriteAsync(blocks[first], cancel) ?? ValueTask.CompletedTask;
        }

        List<Task>? unfinished = null;
        for (var i = first; i < first + count; i++)
        {
            if (shares[i] is { } share && StartWriting(share, blocks[i], cancel) is { IsCompletedSuccessfully: false } writing)
            {
                (unfinished ??= []).Add(writing);
            }
        }

        return unfinished is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(unfinished));
    }

    /// <summary>A failure is in the task, also one that the stream throws at once.</summary>
    private static Task StartWriting(Stream share, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            return share.WriteAsync(bytes, cancel).AsTask();
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }
}
