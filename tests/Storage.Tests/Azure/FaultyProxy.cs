using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SlungOrleans.Storage.Tests.Azure;

/// <summary>A request that came to a <see cref="FaultyProxy"/>.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Method">GET, PUT …</param>
/// <param name="Target">Path and query.</param>
public sealed record ProxiedRequest(int Number, string Method, string Target)
{
    public bool IsBlock => Target.Contains("comp=block&", StringComparison.Ordinal);
}

/// <summary>What goes wrong with a request.</summary>
public abstract record Fault
{
    /// <summary>The service is never asked; this is its answer.</summary>
    public sealed record Answer(int Status, string Code) : Fault;

    /// <summary>The service is asked later.</summary>
    public sealed record Slow(TimeSpan Delay) : Fault;

    /// <summary>The connection is cut when so much of the request's body has gone through.</summary>
    public sealed record CutRequest(int AfterBytes) : Fault;

    /// <summary>The service does what it is asked, and its answer is lost.</summary>
    public sealed record LoseAnswer : Fault;

    /// <summary>The connection is cut when so much of the answer has come back.</summary>
    public sealed record CutAnswer(int AfterBytes) : Fault;
}

/// <summary>Stands between a client and a service on this machine, passes requests on, one a connection, and lets some of them fail.</summary>
public sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly int _service;
    private readonly Func<ProxiedRequest, Fault?> _fault;
    private int _number;

    public FaultyProxy(int service, Func<ProxiedRequest, Fault?> fault)
    {
        _service = service;
        _fault = fault;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public IReadOnlyCollection<ProxiedRequest> Requests => _requests;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                // A reset instead of an orderly end: what a cut connection looks like.
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                if (await PassAsync(client.GetStream()))
                {
                    client.LingerState = new LingerOption(enable: false, seconds: 0);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                // The client has given up, or the service is down: the client sees a cut connection.
            }
        }
    }

    /// <summary>Returns whether the connection ends as it should.</summary>
    private async Task<bool> PassAsync(NetworkStream client)
    {
        string head = await ReadHeadAsync(client);
        if (head.Length == 0)
        {
            return true;
        }

        string[] words = head.Split(' ', 3);
        var request = new ProxiedRequest(Interlocked.Increment(ref _number), words[0], words[1]);
        _requests.Enqueue(request);
        Fault? fault = _fault(request);
        int length = ContentLength(head);
        byte[] body = new byte[fault is Fault.CutRequest cut ? Math.Min(length, cut.AfterBytes) : length];
        await client.ReadExactlyAsync(body);
        switch (fault)
        {
            case Fault.Answer answer:
                await client.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {answer.Status} Fault\r\nx-ms-error-code: {answer.Code}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                return true;
            case Fault.Slow slow:
                await Task.Delay(slow.Delay);
                break;
        }

        using var service = new TcpClient();
        await service.ConnectAsync(IPAddress.Loopback, _service);
        NetworkStream stream = service.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(WithoutKeepAlive(head)));
        await stream.WriteAsync(body);
        if (fault is Fault.CutRequest)
        {
            return false;
        }

        var received = new MemoryStream();
        await stream.CopyToAsync(received);
        byte[] answered = received.ToArray();
        int shown = fault switch
        {
            Fault.LoseAnswer => 0,
            Fault.CutAnswer partly => Math.Min(partly.AfterBytes, answered.Length - 1),
            _ => answered.Length,
        };
        await client.WriteAsync(answered.AsMemory(0, shown));
        return shown == answered.Length;
    }

    private static async Task<string> ReadHeadAsync(NetworkStream client)
    {
        var head = new StringBuilder();
        byte[] next = new byte[1];
        while (!(head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n"))
        {
            if (await client.ReadAsync(next) == 0)
            {
                return "";
            }

            head.Append((char)next[0]);
        }

        return head.ToString();
    }

    private static int ContentLength(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line.AsSpan("Content-Length:".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }

    private static string WithoutKeepAlive(string head) =>
        string.Join("\r\n", head[..^4].Split("\r\n").Where(line => !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)).Append("Connection: close")) + "\r\n\r\n";
}
