namespace MagicFolder.Snapshots.Tests.Doubles;

internal static class ByteAssertions
{
    /// <summary>As ShouldBe, but quick for megabytes.</summary>
    public static void ShouldBeBytes(this byte[] actual, byte[] expected, string? message = null)
    {
        actual.Length.ShouldBe(expected.Length, message);
        actual.AsSpan().CommonPrefixLength(expected).ShouldBe(expected.Length, message);
    }
}
