namespace MagicFolder.Grid;

/// <summary>How objects are spread over servers: n shares, of which any k are enough to read, on at least <c>happy</c> servers with shares of their own.</summary>
public sealed record GridEncoding
{
    /// <summary>Of immutable files.</summary>
    public const int HighestN = 256;

    /// <summary>Of mutable objects, whose header has a byte for it; so of a grid for both.</summary>
    public const int HighestMutableN = 255;

    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ k ≤ n ≤ 256, or happy not from 1 to n.</exception>
    public GridEncoding(int k, int happy, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, HighestN);
        ArgumentOutOfRangeException.ThrowIfLessThan(happy, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(happy, n);
        (K, Happy, N) = (k, happy, n);
    }

    /// <summary>One share on one server.</summary>
    public static GridEncoding Single { get; } = new(1, 1, 1);

    public int K { get; }

    public int Happy { get; }

    public int N { get; }

    /// <summary>
    /// Half way between what is needed and what there can be, rounded down: of 2 of 5 shares, 3. Then writing goes on when about half of what can be lost is lost.
    /// </summary>
    /// <param name="k">Needed shares.</param>
    /// <param name="n">Shares.</param>
    /// <param name="servers">Servers; more shares than these do not make more happiness.</param>
    public static int DefaultHappy(int k, int n, int servers) => Math.Clamp((k + Math.Min(n, servers)) / 2, 1, Math.Min(n, servers));
}
