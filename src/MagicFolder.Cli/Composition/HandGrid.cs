using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Cli.Composition;

/// <summary>The grid for the commands that work with caps: <c>put</c>, <c>get</c>, <c>check</c>.</summary>
internal static class HandGrid
{
    /// <summary>Opens what is there.</summary>
    /// <param name="gridOption">As given with <c>--grid</c>.</param>
    /// <param name="forWriting">Whoever only reads takes no leases, and needs no secret for them.</param>
    /// <param name="cancel">Stops waiting for a lock.</param>
    internal static async Task<TahoeGrid> OpenAsync(string? gridOption, bool forWriting, CancellationToken cancel) =>
        (await GridOpening.OpenAsync(PlaceOf(gridOption), mayCreate: false, cancel)).For(forWriting ? ClientSecrets.LeaseSecret() : new byte[ClientSecrets.Length]);

    /// <summary>Opens it for storing, makes it if there is none yet, and stores as Tahoe-LAFS does unless told otherwise.</summary>
    /// <param name="gridOption">As given with <c>--grid</c>.</param>
    /// <param name="k">As given; null for what the grid has.</param>
    /// <param name="n">As given; null for what the grid has.</param>
    /// <param name="segmentSize">As given, in bytes; null for the default of Tahoe-LAFS.</param>
    /// <param name="mostShares">Of what is to be stored.</param>
    /// <param name="cancel">Stops waiting for a lock.</param>
    internal static async Task<TahoeGrid> OpenForPutAsync(string? gridOption, int? k, int? n, int? segmentSize, int mostShares, CancellationToken cancel)
    {
        // Before anything is made.
        Require(k ?? 1, n ?? mostShares, mostShares);
        var opened = await GridOpening.OpenAsync(PlaceOf(gridOption), mayCreate: true, cancel);
        var usual = opened.Encoding;
        var encoding = k is null && n is null ? usual : Choose(k ?? usual.K, n ?? Math.Max(usual.N, k ?? usual.K), mostShares, opened.Members.Count);
        var immutable = new ChkParameters(encoding.K, encoding.N, segmentSize ?? ChkParameters.DefaultMaxSegmentSize);
        return (opened with { Encoding = encoding }).For(ClientSecrets.LeaseSecret(), immutable);
    }

    /// <summary>The cap of a file or a directory.</summary>
    /// <exception cref="UsageException">It is none. The message does not repeat it: it may be a secret.</exception>
    internal static Cap ParseCap(string text)
    {
        try
        {
            return Cap.Parse(text.Trim()) switch
            {
                UnknownCap when !text.Contains(':', StringComparison.Ordinal) => throw new UsageException("CAP is no cap of Tahoe-LAFS (URI:...)."),
                UnknownCap => throw new UsageException("that is a cap of a kind that this version does not know."),
                var cap => cap,
            };
        }
        catch (DamagedShareException e)
        {
            throw new UsageException($"CAP is no cap of Tahoe-LAFS (URI:...): {e.Message}");
        }
    }

    private static string PlaceOf(string? gridOption) => gridOption is null ? Places.Real(Places.Grid) : GridOpening.Resolve(gridOption);

    private static GridEncoding Choose(int k, int n, int most, int members)
    {
        Require(k, n, most);
        return new GridEncoding(k, GridEncoding.DefaultHappy(k, n, members), n);
    }

    private static void Require(int k, int n, int most)
    {
        if (k < 1 || n < k || n > most) throw new UsageException($"k = {k} and n = {n}: it takes 1 <= k <= n <= {most}.");
    }
}
