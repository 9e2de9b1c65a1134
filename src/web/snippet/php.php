<?php
$body = file_get_contents('php://stdin');
echo hash_hmac('sha256', $body, getenv('WEBHOOK_SECRET')), "\n";
