using System.Runtime.ExceptionServices;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// The shares of one file that were found, and which of them to use: the lowest numbers first, since primary shares need no decoding; those that have given trouble last. Safe for
/// concurrent use.
/// </summary>
internal sealed class ChkShares
{
    private readonly ChkVerifyCap _cap;
    private readonly ChkCandidate[] _candidates;
    private ChkFileFacts? _facts;
    private ChkSelection? _selection;

    private ChkShares(ChkVerifyCap cap, ChkCandidate[] candidates) => (_cap, _candidates) = (cap, candidates);

    internal ChkFileFacts Facts => _facts!;

    /// <summary>The share to use when one is enough and was not seen to be damaged, else null.</summary>
    internal ChkShareReader? Single => _cap.K == 1 && Volatile.Read(ref _selection) is { IsDoubtful: false } selection ? selection.Slots[0].Reader : null;

    /// <summary>One for each share that has given trouble so far.</summary>
    internal IReadOnlyList<ShareTrouble> Troubles => [.. _candidates.Select(candidate => candidate.Trouble).OfType<ShareTrouble>()];

    /// <summary>Opens k shares with different numbers; spare ones are opened when they are needed.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>.</exception>
    internal static async ValueTask<ChkShares> OpenAsync(ChkVerifyCap cap, IReadOnlyList<NumberedShare> shares, CancellationToken cancel)
    {
        var candidates = new ChkCandidate[shares.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new ChkCandidate(shares[i]);
        }

        var opening = new ChkShares(cap, candidates.Length == 1 ? candidates : [.. candidates.OrderBy(candidate => candidate.Number)]);
        foreach (var candidate in candidates)
        {
            if (candidate.Number < 0 || candidate.Number >= cap.N)
            {
                candidate.Refuse(new DamagedShareException(ShareDamage.BadHashTree, $"A file of {cap.N} shares has none with this number."));
            }
        }

        Dictionary<ChkCandidate, Exception>? failed = null;
        while (true)
        {
            var slots = opening.Select(failed).Slots;
            var first = Array.Find(slots, candidate => candidate.Reader is null);
            if (first is null)
            {
                return opening;
            }

            // The first one shows what all have in common; then the others can be opened at the same time.
            failed = opening._facts is null
                ? await opening.OpenAllAsync([first], failed, cancel)
                : await opening.OpenAllAsync(Array.FindAll(slots, candidate => candidate.Reader is null), failed, cancel);
        }
    }

    private async ValueTask<Dictionary<ChkCandidate, Exception>?> OpenAllAsync(
        ChkCandidate[] candidates, Dictionary<ChkCandidate, Exception>? failed, CancellationToken cancel)
    {
        var results = Array.ConvertAll(candidates, candidate => TryOpenAsync(candidate, cancel));
        for (var i = 0; i < results.Length; i++)
        {
            if (await results[i] is { } error)
            {
                (failed ??= [])[candidates[i]] = error;
            }
        }

        cancel.ThrowIfCancellationRequested();
        return failed;
    }

    /// <summary>Opens a share, or says why that failed, and remembers it.</summary>
    internal async ValueTask<Exception?> TryOpenAsync(ChkCandidate candidate, CancellationToken cancel)
    {
        try
        {
            var reader = await candidate.OpenAsync(_cap, _facts, cancel);
            Interlocked.CompareExchange(ref _facts, reader.Facts, null);
            return null;
        }
        catch (Exception e)
        {
            return Remember(candidate, e, cancel);
        }
    }

    /// <summary>Sources are foreign code, so whatever one throws speaks against its share only. What comes of the caller's own wish to stop does not.</summary>
    internal Exception Remember(ChkCandidate candidate, Exception error, CancellationToken cancel)
    {
        if (!cancel.IsCancellationRequested && candidate.Remember(error))
        {
            Volatile.Write(ref _selection, null);
        }

        return error;
    }

    /// <summary>The k shares to use for a segment.</summary>
    /// <param name="failed">Those that have failed for this segment; null if none has.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>; or, if there is a single share, what is wrong with it.</exception>
    internal ChkSelection Select(Dictionary<ChkCandidate, Exception>? failed)
    {
        if (failed is not { Count: > 0 } && Volatile.Read(ref _selection) is { } known)
        {
            return known;
        }

        // Sorting is stable: of one number, the share that was given first is tried first.
        var usable = Array.FindAll(_candidates, candidate => !candidate.IsUseless && failed?.ContainsKey(candidate) != true);
        var chosen = usable.Length == 1
            ? usable
            : [.. usable.OrderBy(candidate => candidate.Trouble is null ? 0 : 1).ThenBy(candidate => candidate.Number).DistinctBy(candidate => candidate.Number).Take(_cap.K)];
        if (chosen.Length < _cap.K)
        {
            throw TooFew(chosen.Length, failed);
        }

        var selection = new ChkSelection(chosen);
        if (failed is not { Count: > 0 })
        {
            Volatile.Write(ref _selection, selection);
        }

        return selection;
    }

    private DamagedShareException TooFew(int usable, Dictionary<ChkCandidate, Exception>? failed)
    {
        var errors = _candidates
            .Select(candidate => (candidate.Number, Error: failed?.GetValueOrDefault(candidate) ?? (candidate.IsUseless ? candidate.Trouble?.Error : null)))
            .Where(entry => entry.Error is not null)
            .ToList();
        if (_cap.K == 1 && _candidates.Length == 1 && errors.Count == 1)
        {
            ExceptionDispatchInfo.Throw(errors[0].Error!);
        }

        var list = string.Concat(errors.Select(entry => $" Share {entry.Number}: {entry.Error!.Message}"));
        var inner = errors.Find(entry => entry.Error is not DamagedShareException).Error ?? errors.FirstOrDefault().Error;
        return new DamagedShareException(
            ShareDamage.TooFewShares, $"{_cap.K} shares are needed, and of the {_candidates.Length} at hand {usable} can be used.{list}", inner);
    }
}
