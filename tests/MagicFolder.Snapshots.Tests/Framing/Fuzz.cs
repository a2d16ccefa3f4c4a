using MagicFolder.Model;

namespace MagicFolder.Snapshots.Tests.Framing;

internal static class Fuzz
{
    /// <summary>
    /// Every truncation and bit flip and thousands of random changes either decode to something that encodes to exactly the bytes read, or end in
    /// <see cref="DamagedBytesException"/>; most are refused.
    /// </summary>
    public static void Decoder(byte[] sound, Func<byte[], byte[]> recode)
    {
        recode([.. sound]).ShouldBe(sound);
        int refused = 0;
        for (int length = 0; length < sound.Length; length++) refused += Try(sound[..length], recode);
        refused.ShouldBe(sound.Length, "no truncation is sound");
        for (int bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] bytes = [.. sound];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += Try(bytes, recode);
        }
        var random = new Random(1);
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] bytes = [.. sound];
            for (int changes = random.Next(1, 8); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = [.. bytes.AsSpan(0, random.Next(bytes.Length)), .. bytes.AsSpan(random.Next(bytes.Length))];
            refused += Try(bytes, recode);
        }
        refused.ShouldBeGreaterThan(sound.Length + 1000);
    }

    private static int Try(byte[] bytes, Func<byte[], byte[]> recode)
    {
        try
        {
            recode(bytes).ShouldBe(bytes);
            return 0;
        }
        catch (DamagedBytesException)
        {
            return 1;
        }
    }
}
