namespace MagicFolder.Sync.Publishing;

/// <summary>In a round that stores much: publishes what is stored so far now and then, ever more rarely, so that the others need not wait for the end.</summary>
internal sealed class EarlyPublishing(EngineParts parts, EngineTools tools, PublishStage publish)
{
    private long _last = parts.Time.GetTimestamp();
    private TimeSpan _wait = parts.Options.PublishEarly;
    private Publication _soFar;

    internal async Task RunIfDueAsync(CancellationToken cancel)
    {
        if (parts.Time.GetElapsedTime(_last) < _wait || IsPutOff || WouldEndFirstSight() || HasToStoreAnew()) return;
        _soFar = Followed(await publish.RunAsync(cancel));
        if (_soFar.HasPublished) parts.Published?.Invoke(true);
        _last = parts.Time.GetTimestamp();
        _wait *= 2;
    }

    /// <summary>The last publication of the round, with those before it as one. Something that counted as stored has gone: then nothing more is published before the next round has stored it again.</summary>
    internal async Task<Publication> FinishAsync(CancellationToken cancel) => IsPutOff ? _soFar : Followed(await publish.RunAsync(cancel));

    private bool IsPutOff => _soFar.ReadAgain is not null;

    private Publication Followed(Publication last) => last with { HasPublished = last.HasPublished || _soFar.HasPublished };

    /// <summary>What was published is not complete, for something has gone: this round may store that once more, and what is published before would lead to where it was.</summary>
    private bool HasToStoreAnew() => parts.State.Versions.Read() is { PublishedRoot: null, PublishedSeq: > 0 } && parts.State.Packs.AnyLost();

    /// <summary>Until a participant has published, what stands on its disk is compared with the history of others (<see cref="History.KnownVersions"/>): all of it, so that is done first.</summary>
    private bool WouldEndFirstSight() => tools.NextSeq() == 1 && parts.State.Heads.All().Count > 0;
}
