using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Cli.Commands;

/// <summary><c>put FILE</c>: stores one file on the grid by hand, and prints its cap.</summary>
internal static class PutCommand
{
    private const int LongestKeyFile = 64 * 1024;

    internal static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What to store; - for standard input" };
        var grid = CommonOptions.Grid();
        var convergence = new Option<string?>("--convergence") { Description = "The secret with which equal files get equal caps (default: one of this user)", HelpName = "BASE32" };
        var random = new Option<bool>("--random-key") { Description = "A key of its own for this file, whatever is in it" };
        var k = CommonOptions.Number("--k", "How many shares are needed to read (default: as the grid has it)", "K");
        var n = CommonOptions.Number("--n", "How many shares there are (default: as the grid has it)", "N");
        var segment = CommonOptions.Number("--segment-size", $"Greatest size of a segment (default: {ChkParameters.DefaultMaxSegmentSize})", "BYTES");
        var mutable = new Option<bool>("--mutable") { Description = "Make a mutable object and print its write cap" };
        var format = new Option<string?>("--format") { Description = "Of the mutable object: sdmf (the default), or mdmf, which is read and written in segments", HelpName = "FORMAT" };
        var key = new Option<string?>("--private-key") { Description = "The RSA key of the mutable object: PKCS#1 or PKCS#8, PEM or DER (default: a new one)", HelpName = "FILE" };
        var command = new Command(
            "put",
            """
            Store one file on the grid and print its cap, which is all that is needed to read it. Who has the cap can read the file; with the cap of a mutable object that is
            printed here one can also write it. Another client of Tahoe-LAFS on the same storage reads it as well.

            Example: magic-folder put report.pdf --grid grid.txt
            Example: tar c photos | magic-folder put - --random-key
            """)
        {
            file, grid, convergence, random, k, n, segment, mutable, format, key,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var request = new PutRequest(
                parsed.GetRequiredValue(file), parsed.GetValue(grid), parsed.GetValue(k), parsed.GetValue(n), parsed.GetValue(segment), parsed.GetValue(convergence),
                parsed.GetValue(random), parsed.GetValue(format), parsed.GetValue(key));
            Console.Out.WriteLine((parsed.GetValue(mutable) ? await PutMutableAsync(request, cancel) : await PutImmutableAsync(request, cancel)).ToUriString());
            return ExitStatus.Done;
        }));
        return command;
    }

    private static async Task<Cap> PutImmutableAsync(PutRequest request, CancellationToken cancel)
    {
        if (request.Format is not null) throw new UsageException("--format is for mutable objects; add --mutable.");
        if (request.PrivateKey is not null) throw new UsageException("--private-key is for mutable objects; add --mutable.");
        if (request.Convergence is not null && request.RandomKey) throw new UsageException("give either --convergence or --random-key.");
        if (request.SegmentSize is < 1 or > ChkParameters.MaxSegmentSizeLimit)
            throw new UsageException($"--segment-size takes 1 to {ChkParameters.MaxSegmentSizeLimit} bytes.");
        var key = request.RandomKey
            ? EncryptionKeyChoice.Random(SystemRandom.Instance)
            : EncryptionKeyChoice.Convergent(request.Convergence is null ? ClientSecrets.Convergence() : DecodeSecret(request.Convergence));
        await using var content = await Input.OpenAsync(request.File, cancel);
        var grid = await HandGrid.OpenForPutAsync(request.Grid, request.K, request.N, request.SegmentSize, GridEncoding.HighestN, cancel);
        await using (ProgressLine.Start(elapsed => ProgressLine.Describe(content.Position, content.Length, elapsed), TimeProvider.System))
            return await grid.PutImmutableAsync(content, content.Length, key, cancel);
    }

    private static async Task<Cap> PutMutableAsync(PutRequest request, CancellationToken cancel)
    {
        if (request.Convergence is not null || request.RandomKey || request.SegmentSize is not null)
            throw new UsageException("--convergence, --random-key and --segment-size are for immutable files; leave out --mutable.");
        var format = ParseFormat(request.Format);
        await using var content = await Input.OpenAsync(request.File, cancel);
        if (content.Length > TahoeGrid.MaxMutableLength(format))
            throw new CommandException($"A mutable object of that format holds up to {Amounts.Bytes(TahoeGrid.MaxMutableLength(format))} here; store {request.File} without --mutable.");
        byte[] bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancel);
        using var keys = request.PrivateKey is null ? MutableKeys.Generate() : ReadKey(request.PrivateKey);
        var grid = await HandGrid.OpenForPutAsync(request.Grid, request.K, request.N, null, GridEncoding.HighestMutableN, cancel);
        await grid.CreateMutableAsync(keys, format, bytes, cancel);
        return keys.ToWriteCap(format);
    }

    private static MutableFormat ParseFormat(string? text) => text?.ToUpperInvariant() switch
    {
        null or "SDMF" => MutableFormat.Sdmf,
        "MDMF" => MutableFormat.Mdmf,
        _ => throw new UsageException("--format takes sdmf or mdmf."),
    };

    private static byte[] DecodeSecret(string text)
    {
        byte[] secret = new byte[text.Length * 5 / 8];
        return Base32.TryDecode(text, secret) ? secret : throw new UsageException("--convergence takes a secret in base32, as in private/convergence of a Tahoe-LAFS node.");
    }

    /// <summary>PEM is text with a line that says what it is; PKCS#8 begins with a version and an algorithm, PKCS#1 with a version and a number.</summary>
    private static MutableKeys ReadKey(string file)
    {
        if (new FileInfo(file).Length > LongestKeyFile) throw new CommandException($"{file} is no private key.");
        byte[] bytes = File.ReadAllBytes(file);
        try
        {
            string text = System.Text.Encoding.Latin1.GetString(bytes);
            if (text.Contains("-----BEGIN", StringComparison.Ordinal)) return MutableKeys.FromPem(text);
            return TryRead(() => MutableKeys.FromPkcs8(bytes)) ?? MutableKeys.FromPkcs1(bytes);
        }
        catch (Exception e) when (e is DamagedShareException or ArgumentException)
        {
            throw new CommandException($"{file} is no RSA key of 2048 bits in PKCS#1 or PKCS#8, PEM or DER, without a password.");
        }
    }

    private static MutableKeys? TryRead(Func<MutableKeys> read)
    {
        try
        {
            return read();
        }
        catch (DamagedShareException)
        {
            return null;
        }
    }

    private sealed record PutRequest(string File, string? Grid, int? K, int? N, int? SegmentSize, string? Convergence, bool RandomKey, string? Format, string? PrivateKey);
}
