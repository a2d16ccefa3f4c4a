namespace MagicFolder.Sync.Publishing;

/// <summary>In a round that stores much: publishes what is stored so far now and then, ever more rarely, so that the others need not wait for the end.</summary>
internal sealed class EarlyPublishing(EngineParts parts, EngineTools tools, PublishStage publish)
{
    private long _last = parts.Time.GetTimestamp();
    private TimeSpan _wait = parts.Options.PublishEarly;
    private Publication _soFar;

    internal async Task RunIfDueAsync(CancellationToken cancel)
    {
        if (parts.Time.GetElapsedTime(_last) < _wait || WouldEndFirstSight()) return;
        _soFar = Followed(await publish.RunAsync(cancel));
        if (_soFar.HasPublished) parts.Published?.Invoke(true);
        _last = parts.Time.GetTimestamp();
        _wait *= 2;
    }

    /// <summary>All publications of the round as one.</summary>
    internal Publication Followed(Publication last)
    {
        if (_soFar.ReadAgain is null) return last with { HasPublished = last.HasPublished || _soFar.HasPublished };
        return new Publication(last.HasPublished || _soFar.HasPublished, [.. _soFar.ReadAgain, .. last.ReadAgain ?? []]);
    }

    /// <summary>Until a participant has published, what stands on its disk is compared with the history of others (<see cref="History.KnownVersions"/>): all of it, so that is done first.</summary>
    private bool WouldEndFirstSight() => tools.NextSeq() == 1 && parts.State.Heads.All().Count > 0;
}
